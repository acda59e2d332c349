import { expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { kustoForTests } from '../../kusto-sources.ts';

test("Microsoft's parser leaves our built-ins and globals as they are", () => {
  const namesOf = () => ({
    global: Object.getOwnPropertyNames(globalThis).sort(),
    array: Object.getOwnPropertyNames(Array.prototype).sort(),
    string: Object.getOwnPropertyNames(String.prototype).sort(),
    date: Object.getOwnPropertyNames(Date.prototype).sort(),
    number: Object.getOwnPropertyNames(Number).sort(),
  });
  const before = namesOf();
  compileKql(kustoForTests(), 'DeviceFileCertificateInfo | take 1');
  expect(namesOf()).toEqual(before);
});
