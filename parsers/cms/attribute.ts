import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { TAG } from '../der/tags.ts';

/** One signed or unsigned attribute. Most have one value; several nested signatures share one attribute. */
export interface Attribute {
  readonly type: string;
  readonly values: readonly DerElement[];
}

/** Real SignerInfos have 3 to 5 signed attributes and up to 2 others; nearly all have one value. */
const MAX_ATTRIBUTES = 256;
const MAX_VALUES = 256;

/** Reads the Attributes in a SET OF, or in the [0] or [1] that stands for it. Source: RFC 5652 §5.3. */
export function readAttributes(reader: DerReader): Attribute[] {
  const attributes: Attribute[] = [];
  for (const element of reader.rest()) {
    if (attributes.length === MAX_ATTRIBUTES)
      throw element.error('too-many', `more than ${MAX_ATTRIBUTES} attributes`);
    if (element.tag !== TAG.sequence) throw element.error('bad-value', 'Attribute: no SEQUENCE');
    const fields = element.children;
    const type = readOid(fields, 'Attribute.attrType');
    attributes.push({ type, values: readValues(fields.read(TAG.set, 'Attribute.attrValues')) });
  }
  return attributes;
}

/** The values of every attribute of this type, in order: nothing stops a file from repeating an attribute. */
export function attributeValues(attributes: readonly Attribute[], type: string): DerElement[] {
  return attributes.filter((attribute) => attribute.type === type).flatMap(({ values }) => values);
}

function readValues(set: DerElement): DerElement[] {
  const values: DerElement[] = [];
  for (const value of set.children.rest()) {
    if (values.length === MAX_VALUES)
      throw value.error('too-many', `more than ${MAX_VALUES} values in one attribute`);
    values.push(value);
  }
  return values;
}
