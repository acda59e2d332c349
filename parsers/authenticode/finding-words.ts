/** What each code that a record's Findings can hold means, in a sentence for somebody who does not read Windows' error names. */
export const findingWords: Readonly<Record<string, string>> = {
  TRUST_E_BAD_DIGEST:
    'The file is not the one that was signed: its bytes were changed, or the signature was taken from another file.',
  NTE_BAD_SIGNATURE: 'The signature itself does not add up: its owner did not make it like this.',
  CRYPT_E_UNKNOWN_ALGO:
    'The signature uses an algorithm that is not known here, so it was not checked.',
  TRUST_E_NO_SIGNER_CERT:
    "The signer's certificate is not in the signature, so nobody can say who signed.",
  TRUST_E_NOSIGNATURE:
    'There is something in the place of a signature, and it cannot be read as one.',
  TRUST_E_SUBJECT_FORM_UNKNOWN:
    'The structure of the file is broken where its signature should be.',
  TRUST_E_TIME_STAMP: 'A timestamp of the signature cannot be read.',
  TRUST_E_COUNTER_SIGNER:
    'The timestamp is not to be believed: when the file was signed is then unknown.',
  TRUST_E_CERT_SIGNATURE:
    'A certificate was not issued by the authority that it names: the chain is forged or damaged.',
  TRUST_E_BASIC_CONSTRAINTS:
    'A certificate was issued by somebody who is not allowed to issue certificates.',
  TRUST_E_EXPLICIT_DISTRUST:
    'A certificate of the chain is on a list of those that must not be trusted.',
  CERT_E_EXPIRED: 'A certificate was not valid at the time that counts for this signature.',
  CERT_E_REVOKED: 'The authority has taken a certificate of the chain back.',
  CERT_E_WRONG_USAGE:
    'A certificate is used for something it was not issued for: a web server’s to sign code, for one.',
  CERT_E_CRITICAL: 'A certificate carries a condition that is not understood here.',
  CERT_E_MALFORMED: 'A certificate of the chain is damaged.',
  CERT_E_UNTRUSTEDROOT: 'The chain ends at an authority that is not among the trusted ones.',
  CERT_E_CHAINING: 'The chain does not reach a root: a certificate is missing.',
  EnableCertPaddingCheck:
    'Bytes were added to the file where they do not break the signature. Windows accepts that by default.',
  UNAUTHENTICATED_ATTRIBUTE:
    'Data was added inside the signature that the signature does not cover. Installers carry settings there: the address of a server, for one.',
  SIGNATURE_OF_ANOTHER_FILE:
    'The signature is sound and trusted, but for another file. Lifting signatures like this is a known trick.',
  SELF_SIGNED: 'The signer made the certificate for itself: it can carry any name.',
  WEAK_DIGEST:
    'The signature rests on an old digest algorithm. Common on older files, no proof of anything.',
  ROOT_OUTSIDE_PROGRAMME:
    "This machine trusts the root, Microsoft's programme does not: an administrator, or an intruder, has put it there.",
  CATALOG: 'The signature is not in the file but in a Windows security catalog that lists it.',
};

/** Words for a code of a newer agent. */
export const unknownFinding = 'A finding that this report has no words for.';
