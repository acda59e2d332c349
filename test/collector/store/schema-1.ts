/**
 * A database as the first version of the collector wrote it: its schema, and what it stored of two records and one sweep
 * row, keys included. Dumped once from a file of that version; it never changes.
 */
export const databaseOfVersion1 = `
CREATE TABLE batch ( id BLOB NOT NULL, tableName TEXT NOT NULL, rows INTEGER NOT NULL,
receivedTime INTEGER NOT NULL, PRIMARY KEY (id, tableName)) STRICT, WITHOUT ROWID;
CREATE TABLE device ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "DeviceId" TEXT NOT NULL
DEFAULT '', "DeviceName" TEXT NOT NULL DEFAULT '', "MachineGroup" TEXT NOT NULL DEFAULT '',
"DeviceIdSource" TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE certificate ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "IsSigned" INTEGER,
"SignatureType" TEXT NOT NULL DEFAULT '', "Signer" TEXT NOT NULL DEFAULT '', "SignerHash" TEXT
NOT NULL DEFAULT '', "Issuer" TEXT NOT NULL DEFAULT '', "IssuerHash" TEXT NOT NULL DEFAULT '',
"CertificateSerialNumber" TEXT NOT NULL DEFAULT '', "CrlDistributionPointUrls" TEXT NOT NULL
DEFAULT '', "CertificateCreationTime" INTEGER, "CertificateExpirationTime" INTEGER,
"IsRootSignerMicrosoft" INTEGER, "SignerSubject" TEXT NOT NULL DEFAULT '', "IssuerSubject" TEXT
NOT NULL DEFAULT '') STRICT;
CREATE TABLE path ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "FolderPath" TEXT NOT NULL
DEFAULT '', "FileName" TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE file ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "SHA1" TEXT NOT NULL
DEFAULT '', "FileSize" INTEGER, "SHA256" TEXT NOT NULL DEFAULT '', "FileKind" TEXT NOT NULL
DEFAULT '', "CompanyName" TEXT NOT NULL DEFAULT '', "ProductName" TEXT NOT NULL DEFAULT '',
"OriginalFileName" TEXT NOT NULL DEFAULT '', "FileVersion" TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE verdict ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,
"CertificateCountersignatureTime" INTEGER, "IsTrusted" INTEGER, "SignatureStatus" TEXT NOT NULL
DEFAULT '', "Findings" TEXT, "DigestAlgorithm" TEXT NOT NULL DEFAULT '', "AuthenticodeDigest"
TEXT NOT NULL DEFAULT '', "ProgramName" TEXT NOT NULL DEFAULT '', "TimestampSigner" TEXT NOT
NULL DEFAULT '', "RevocationStatus" TEXT NOT NULL DEFAULT '', "TrustSource" TEXT NOT NULL
DEFAULT '', "Rules" TEXT, "MatchGrade" TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE scan ( id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "ScanId" TEXT NOT NULL
DEFAULT '', "AgentVersion" TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX certificate_by_signer ON certificate (Signer);
CREATE INDEX device_by_id ON device (DeviceId);
CREATE TABLE observation ( device INTEGER NOT NULL, certificate INTEGER NOT NULL, path INTEGER
NOT NULL, file INTEGER NOT NULL, verdict INTEGER NOT NULL, scan INTEGER NOT NULL, key BLOB NOT
NULL, "Timestamp" INTEGER, "ReportId" INTEGER, "FileCreatedTime" INTEGER, "FileModifiedTime"
INTEGER, "SignatureIndex" INTEGER, "ReadTime" INTEGER, "ReceivedTime" INTEGER, PRIMARY KEY
(Timestamp, device, key)) STRICT, WITHOUT ROWID;
CREATE INDEX observation_by_certificate ON observation (certificate, Timestamp, device, path);
CREATE TABLE sweep (key BLOB NOT NULL PRIMARY KEY, "Timestamp" INTEGER, "DeviceId" TEXT NOT NULL
DEFAULT '', "DeviceName" TEXT NOT NULL DEFAULT '', "ScanId" TEXT NOT NULL DEFAULT '',
"StartTime" INTEGER, "EndTime" INTEGER, "Complete" INTEGER, "Interrupted" INTEGER, "Roots" TEXT,
"Entries" INTEGER, "Directories" INTEGER, "Files" INTEGER, "Bytes" INTEGER, "Images" INTEGER,
"Records" INTEGER, "Signed" INTEGER, "Flagged" INTEGER, "Malformed" INTEGER, "Skipped" TEXT,
"OtherKinds" TEXT, "RuleDigest" TEXT NOT NULL DEFAULT '', "TrustSource" TEXT NOT NULL DEFAULT
'', "AgentVersion" TEXT NOT NULL DEFAULT '', "RecordsDigest" TEXT NOT NULL DEFAULT '',
"ReceivedTime" INTEGER) STRICT, WITHOUT ROWID;
INSERT INTO batch ("id","tableName","rows","receivedTime") VALUES (x'486aec6ace9a192a24c9004fecddaf19d46580f9a78d3b677f9cde08c7c40f9c', 'AgentSweepInfo', 1, 639184608000000000);
INSERT INTO batch ("id","tableName","rows","receivedTime") VALUES (x'587cb57d73ca1deb61063e490e7800f099d050ece9eb74dd67eb8b0bc281306e', 'AgentFileCertificateInfo', 2, 639184608000000000);
INSERT INTO device ("id","key","DeviceId","DeviceName") VALUES (1, x'68d7035c4f01d9799e3655190161699a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'old-host');
INSERT INTO device ("id","key","DeviceId") VALUES (2, x'3f2179ad3f732eab45b6845f1ab64f22', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO certificate ("id","key","IsSigned","Signer") VALUES (1, x'5ef38a0e6f4dba9c9bbf77d4f294fe56', 1, 'GlavSoft LLC. (certsweep test)');
INSERT INTO certificate ("id","key","IsSigned") VALUES (2, x'dfc6877ec2a6d4d27d118ddf3d254007', 0);
INSERT INTO path ("id","key") VALUES (1, x'439083f38956ba51ece90631552c6ea2');
INSERT INTO path ("id","key","FileName") VALUES (2, x'b57299620e2307cb0e9e97783e8759ab', 'plain.exe');
INSERT INTO file ("id","key") VALUES (1, x'69e551c5cc4b597398184ae2d66ea114');
INSERT INTO file ("id","key","FileSize") VALUES (2, x'c6221889473c81357ac739df14f4667b', 7);
INSERT INTO verdict ("id","key","Rules") VALUES (1, x'811762c7c8dde9f27230fb55fb94a527', '["r1"]');
INSERT INTO verdict ("id","key") VALUES (2, x'c581820470edab878548552bf6fdf2f6');
INSERT INTO scan ("id","key") VALUES (1, x'439083f38956ba51ece90631552c6ea2');
INSERT INTO observation ("device","certificate","path","file","verdict","scan","key","Timestamp","ReportId","ReceivedTime") VALUES (1, 1, 1, 1, 1, 1, x'f5260586a7332c779ef1267a73396658', 639184608000000000, 1, 639184608000000000);
INSERT INTO observation ("device","certificate","path","file","verdict","scan","key","Timestamp","ReportId","ReceivedTime") VALUES (2, 2, 2, 2, 2, 1, x'b3ecf445c2fee9fca9ffcfe1c6b0d9db', 639184608000000000, 2, 639184608000000000);
INSERT INTO sweep ("key","Timestamp","DeviceId","ScanId","Complete","Entries","Skipped","ReceivedTime") VALUES (x'0996460981c4af922f71a860b60b2729', 639184608000000000, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'first', 1, 3, '{"unreadable":1}', 639184608000000000);
PRAGMA user_version = 1;
`;

/** The bodies whose ids are in its `batch` table, as that version's agent sent them. */
export const batchesOfVersion1 = {
  AgentFileCertificateInfo: '587cb57d73ca1deb61063e490e7800f099d050ece9eb74dd67eb8b0bc281306e',
  AgentSweepInfo: '486aec6ace9a192a24c9004fecddaf19d46580f9a78d3b677f9cde08c7c40f9c',
};
