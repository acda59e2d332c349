import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { openRegistryHive, type RegistryHive } from '../../parsers/registry/registry-hive.ts';
import type { RegistryData } from '../../parsers/registry/registry-value.ts';
import { descriptorSource } from '../inspect/descriptor-source.ts';
import { FileChangedError } from '../inspect/file-error.ts';
import { withFileInside } from './open-inside.ts';

/** What came of a hive of an image. */
export type HiveReading<Value> =
  | { readonly kind: 'value'; readonly value: Value; readonly isDirty: boolean }
  /** `why` for a person: the system's code, or what is wrong with the hive and where. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** What `read` gives of the hive in `file`, which is open only for that long. */
export function readHive<Value>(
  file: string,
  read: (hive: RegistryHive) => Value,
): HiveReading<Value> {
  try {
    return withFileInside(file, (descriptor, size) => {
      const hive = openRegistryHive(descriptorSource(descriptor, size));
      return { kind: 'value', value: read(hive), isDirty: hive.isDirty };
    });
  } catch (error) {
    return { kind: 'unreadable', why: reasonOf(error) };
  }
}

/** The text of a value; undefined where there is none, or where it is empty or of another type. */
export function textOf(data: RegistryData | undefined): string | undefined {
  const text = data?.kind === 'text' ? data.text.trim() : '';
  return text === '' ? undefined : text;
}

export function numberOf(data: RegistryData | undefined): number | undefined {
  return data?.kind === 'number' ? data.number : undefined;
}

export function bytesOf(data: RegistryData | undefined): Uint8Array | undefined {
  return data?.kind === 'bytes' ? data.bytes : undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof ParseError)
    return `${error.message} (${error.code} at byte ${error.offset})`;
  if (error instanceof FileChangedError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code;
}
