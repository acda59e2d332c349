import type { TrustMaterial } from '../../../agent/trust/trust-material.ts';

/** No roots at all: nothing is judged. */
export const noTrust: TrustMaterial = {
  now: '2026-11-24T00:00:00Z',
  roots: {
    source: 'none',
    path: '',
    date: null,
    judges: false,
    roots: [],
    restrictions: new Map(),
  },
  crls: [],
  distrusted: new Set(),
  strict: false,
};
