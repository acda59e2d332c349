import { printable } from '../../parsers/record/printable.ts';
import { countRoots } from '../trust/root-bundle.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';

/** Which roots judged and whether revocation was looked at: a verdict without them says little. */
export function trustLines({ roots, crls, distrusted, strict }: TrustMaterial): string[] {
  const lists = [
    crls.length === 0
      ? 'revocation not checked (--crl checks it)'
      : `revocation by ${crls.length} lists`,
    ...(distrusted.size > 0 ? [`${distrusted.size} distrusted thumbprints`] : []),
    ...(strict ? ['strict'] : []),
  ].join(', ');
  if (!roots.judges)
    return [
      `${roots.source}: NO CODE-SIGNING ROOTS AT HAND; ${lists}`,
      'A sound signature is then "not judged", neither good nor bad, unless it ends at a TLS root.',
      'Give --roots PATH, or place a set of roots with `certsweep roots import PATH`.',
    ];
  const codeSigning = countRoots(roots, 'code_signing');
  const timeStamping = countRoots(roots, 'time_stamping');
  const counts = `${codeSigning} roots for code, ${timeStamping} for timestamps`;
  return [`${printable(roots.source)}: ${counts}; ${lists}`];
}
