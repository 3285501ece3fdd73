/** Limits of size, too large to be kept in a file of recorded answers. */
import { describe, expect, test } from 'vitest';
import { validateCreate } from './index.ts';

const configMap = { group: '', version: 'v1', kind: 'ConfigMap' };
const secret = { group: '', version: 'v1', kind: 'Secret' };

function errorsOf(type: typeof configMap, members: object, annotations = {}): string[] {
  const object = {
    apiVersion: 'v1',
    kind: type.kind,
    metadata: { name: 'm', namespace: 'n', annotations },
    ...members,
  };
  return validateCreate(type, object).map((error) => `${error.field}: ${error.message}`);
}

describe('sizes', () => {
  test('annotations hold 256 KiB, keys included', () => {
    expect(errorsOf(configMap, {}, { a: 'x'.repeat(262_143) })).toEqual([]);
    expect(errorsOf(configMap, {}, { a: 'x'.repeat(262_144) })).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ]);
  });

  test('a ConfigMap holds 1 MiB of text and decoded bytes', () => {
    const half = 512 * 1024;
    const binaryData = { b: Buffer.alloc(half).toString('base64') };
    expect(errorsOf(configMap, { data: { a: 'x'.repeat(half) }, binaryData })).toEqual([]);
    expect(errorsOf(configMap, { data: { a: 'x'.repeat(half + 1) }, binaryData })).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]);
  });

  test('a Secret holds 1 MiB of decoded bytes', () => {
    const data = (bytes: number) => ({ data: { a: Buffer.alloc(bytes).toString('base64') } });
    expect(errorsOf(secret, data(1_048_576))).toEqual([]);
    expect(errorsOf(secret, data(1_048_577))).toEqual(['data: Too long: may not be more than 1048576 bytes']);
  });
});
