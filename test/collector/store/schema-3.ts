/**
 * A database as version 3 of the schema had it: three signatures of one file and a record without a path, all of one instant.
 * Dumped once from a file of that version; it never changes.
 */
export const databaseOfVersion3 = `
CREATE TABLE batch ( id BLOB NOT NULL, tableName TEXT NOT NULL, rows INTEGER NOT NULL, receivedTime INTEGER NOT NULL,
PRIMARY KEY (id, tableName)) STRICT, WITHOUT ROWID;
INSERT INTO batch
VALUES(X'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA','AgentFileCertificateInfo',4,639184608000000000);
CREATE TABLE certificate ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "IsSigned" INTEGER, "SignatureType" TEXT
NOT NULL DEFAULT '', "Signer" TEXT NOT NULL DEFAULT '', "SignerHash" TEXT NOT NULL DEFAULT '', "Issuer" TEXT NOT NULL
DEFAULT '', "IssuerHash" TEXT NOT NULL DEFAULT '', "CertificateSerialNumber" TEXT NOT NULL DEFAULT '',
"CrlDistributionPointUrls" TEXT NOT NULL DEFAULT '', "CertificateCreationTime" INTEGER, "CertificateExpirationTime"
INTEGER, "IsRootSignerMicrosoft" INTEGER, "SignerSubject" TEXT NOT NULL DEFAULT '', "IssuerSubject" TEXT NOT NULL
DEFAULT '') STRICT;
INSERT INTO certificate VALUES(1,X'5EF38A0E6F4DBA9C9BBF77D4F294FE56',1,'','GlavSoft LLC. (certsweep
test)','','','','','',NULL,NULL,NULL,'','');
INSERT INTO certificate VALUES(2,X'AC041D6C631FAACA457B3D8460C4FB79',1,'','','','','','','',NULL,NULL,NULL,'','');
CREATE TABLE contact ("DeviceId" TEXT NOT NULL DEFAULT '', "FirstContact" INTEGER, "LastContact" INTEGER, "LastSent"
INTEGER, "ClockSkewMs" INTEGER, PRIMARY KEY (DeviceId)) STRICT, WITHOUT ROWID;
INSERT INTO contact
VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',639184608000000000,639184608000000000,NULL,NULL);
CREATE TABLE device ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "DeviceId" TEXT NOT NULL DEFAULT '',
"DeviceName" TEXT NOT NULL DEFAULT '', "MachineGroup" TEXT NOT NULL DEFAULT '', "DeviceIdSource" TEXT NOT NULL DEFAULT
'') STRICT;
INSERT INTO device VALUES(1,X'3F2179AD3F732EAB45B6845F1AB64F22','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','','','');
CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO fact VALUES('observations',4);
CREATE TABLE file ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "SHA1" TEXT NOT NULL DEFAULT '', "FileSize"
INTEGER, "SHA256" TEXT NOT NULL DEFAULT '', "FileKind" TEXT NOT NULL DEFAULT '', "CompanyName" TEXT NOT NULL DEFAULT
'', "ProductName" TEXT NOT NULL DEFAULT '', "OriginalFileName" TEXT NOT NULL DEFAULT '', "FileVersion" TEXT NOT NULL
DEFAULT '') STRICT;
INSERT INTO file VALUES(1,X'69E551C5CC4B597398184AE2D66EA114','',NULL,'','','','','','');
CREATE TABLE observation ( device INTEGER NOT NULL, certificate INTEGER NOT NULL, path INTEGER NOT NULL, file INTEGER
NOT NULL, verdict INTEGER NOT NULL, scan INTEGER NOT NULL, key INTEGER NOT NULL, "Timestamp" INTEGER, "ReportId"
INTEGER, "FileCreatedTime" INTEGER, "FileModifiedTime" INTEGER, "SignatureIndex" INTEGER, "RunningProcesses" TEXT,
"AutostartEntries" TEXT, "ReadTime" INTEGER, "ReceivedTime" INTEGER, PRIMARY KEY (Timestamp, device, key)) STRICT,
WITHOUT ROWID;
INSERT INTO observation
VALUES(1,1,1,1,1,1,-5489257627668302529,639184608000000000,1,1270196509442469135,127019650945000,0,NULL,NULL,NULL,0);
INSERT INTO observation
VALUES(1,1,1,1,1,1,-798382063590502088,639184608000000000,3,1270196509442469135,127019650945000,2,NULL,NULL,NULL,0);
INSERT INTO observation VALUES(1,2,2,1,2,1,413385581656339817,639184608000000000,4,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO observation
VALUES(1,1,1,1,1,1,2821359414737874862,639184608000000000,2,1270196509442469135,127019650945000,1,NULL,NULL,NULL,0);
CREATE TABLE path ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "FolderPath" TEXT NOT NULL DEFAULT '',
"FileName" TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO path VALUES(1,X'38296073DD9623E9846338EF66E8665C','C:\\TightVNC','tvnserver.exe');
INSERT INTO path VALUES(2,X'439083F38956BA51ECE90631552C6EA2','','');
CREATE TABLE scan ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "ScanId" TEXT NOT NULL DEFAULT '',
"AgentVersion" TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO scan VALUES(1,X'439083F38956BA51ECE90631552C6EA2','','');
CREATE TABLE sighting ("DeviceId" TEXT NOT NULL DEFAULT '', "DeviceName" TEXT NOT NULL DEFAULT '', "FolderPath" TEXT
NOT NULL DEFAULT '', "FileName" TEXT NOT NULL DEFAULT '', "SHA1" TEXT NOT NULL DEFAULT '', "Rules" TEXT, "FirstSeen"
INTEGER, "LastSeen" INTEGER, PRIMARY KEY (DeviceId, FolderPath, FileName, SHA1)) STRICT, WITHOUT ROWID;
INSERT INTO sighting
VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','','C:\\TightVNC','tvnserver.exe','','["r1"]',639184608000000000,639184608000000000);
CREATE TABLE sweep (key BLOB NOT NULL PRIMARY KEY, "Timestamp" INTEGER, "DeviceId" TEXT NOT NULL DEFAULT '',
"DeviceName" TEXT NOT NULL DEFAULT '', "ScanId" TEXT NOT NULL DEFAULT '', "StartTime" INTEGER, "EndTime" INTEGER,
"Complete" INTEGER, "Interrupted" INTEGER, "MachineGroup" TEXT NOT NULL DEFAULT '', "Roots" TEXT, "Entries" INTEGER,
"Directories" INTEGER, "Files" INTEGER, "Bytes" INTEGER, "Images" INTEGER, "Records" INTEGER, "Signed" INTEGER,
"Flagged" INTEGER, "Malformed" INTEGER, "Skipped" TEXT, "OtherKinds" TEXT, "Unchanged" INTEGER, "HardLinks" INTEGER,
"Archives" INTEGER, "DiskImages" INTEGER, "GoneFlagged" INTEGER, "GoneFiles" TEXT, "LiveContext" TEXT NOT NULL DEFAULT
'', "SpoolDropped" INTEGER, "RuleDigest" TEXT NOT NULL DEFAULT '', "RootDigest" TEXT NOT NULL DEFAULT '',
"TrustSource" TEXT NOT NULL DEFAULT '', "AgentVersion" TEXT NOT NULL DEFAULT '', "RecordsDigest" TEXT NOT NULL DEFAULT
'', "ReceivedTime" INTEGER) STRICT, WITHOUT ROWID;
CREATE TABLE verdict ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "CertificateCountersignatureTime" INTEGER,
"IsTrusted" INTEGER, "SignatureStatus" TEXT NOT NULL DEFAULT '', "Findings" TEXT, "DigestAlgorithm" TEXT NOT NULL
DEFAULT '', "AuthenticodeDigest" TEXT NOT NULL DEFAULT '', "ProgramName" TEXT NOT NULL DEFAULT '', "TimestampSigner"
TEXT NOT NULL DEFAULT '', "RevocationStatus" TEXT NOT NULL DEFAULT '', "TrustSource" TEXT NOT NULL DEFAULT '', "Rules"
TEXT, "MatchGrade" TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO verdict VALUES(1,X'811762C7C8DDE9F27230FB55FB94A527',NULL,NULL,'',NULL,'','','','','','','["r1"]','');
INSERT INTO verdict VALUES(2,X'C581820470EDAB878548552BF6FDF2F6',NULL,NULL,'',NULL,'','','','','','',NULL,'');
CREATE INDEX certificate_by_signer ON certificate (Signer);
CREATE INDEX device_by_id ON device (DeviceId);
CREATE INDEX observation_by_certificate ON observation (certificate, Timestamp, device, path);
CREATE INDEX batch_by_time ON batch (receivedTime);
CREATE INDEX sweep_by_time ON sweep (Timestamp);
PRAGMA user_version = 3;
`;
