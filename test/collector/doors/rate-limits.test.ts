import { expect, test } from 'vitest';
import {
  MAX_REQUESTS_OF_ADDRESS,
  MAX_REQUESTS_OF_TOKEN,
  RateLimits,
} from '../../../collector/doors/rate-limits.ts';
import { TOKEN_KINDS, type TokenKind } from '../../../collector/doors/token.ts';
import type { TokenRow } from '../../../collector/doors/token-row.ts';

let now = 0;
const rates = new RateLimits(() => now);
const tooMany = expect.objectContaining({
  status: 429,
  body: expect.objectContaining({ code: 'too-many-requests' }),
});
const token = (kind: TokenKind, id: string): TokenRow => ({
  ...{ id, kind, name: '', deviceId: null, enrolledBy: null, usesLeft: null, mayReplace: false },
  ...{
    createdTime: 0,
    expiresTime: null,
    firstUsedTime: null,
    revokedTime: null,
    replacedBy: null,
  },
});

test.each(TOKEN_KINDS)(
  'a token of kind %s that asks too often waits, and no other does',
  (kind) => {
    const busy = token(kind, `busy ${kind}`);
    for (let asked = 0; asked < MAX_REQUESTS_OF_TOKEN[kind]; asked += 1) rates.countToken(busy);
    expect(() => rates.countToken(busy)).toThrow(tooMany);
    rates.countToken(token(kind, `other ${kind}`));
    now += 60_000;
    rates.countToken(busy);
  },
);

test('an address that asks too often waits, and with it its IPv6 network', () => {
  for (let asked = 0; asked < MAX_REQUESTS_OF_ADDRESS; asked += 1)
    rates.countAddress(`2001:db8::${(asked % 9_999) + 1}`);
  expect(() => rates.countAddress('2001:db8::1')).toThrow(tooMany);
  rates.countAddress('2001:db8:0:1::1');
  now += 60_000;
  rates.countAddress('2001:db8::1');
});
