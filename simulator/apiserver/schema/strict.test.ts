/**
 * The cases are bodies that were sent to a real API server with `fieldValidation=Strict`, with its answers.
 */
import { describe, expect, it } from 'vitest';
import strict from './cases/strict.json' with { type: 'json' };
import type { JsonObject } from './json.ts';
import { typeErrors, unknownFields, withoutUnknownFields } from './strict.ts';
import { structureOf } from './structure.ts';

function answer(body: JsonObject): string | null {
  const [version = '', group = ''] = String(body.apiVersion).split('/').reverse();
  const kind = String(body.kind);
  const structure = structureOf(group, version, kind);
  if (structure === undefined) throw new Error(`no structure for ${kind}`);
  const [mismatch] = typeErrors(structure, body);
  const unknown = unknownFields(structure, body).map((field) => `unknown field "${field}"`);
  if (mismatch === undefined && unknown.length === 0) return null;
  const why = mismatch ?? `strict decoding error: ${unknown.join(', ')}`;
  return `${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`;
}

describe('strict decoding', () => {
  const cases = strict.cases as unknown as { body: JsonObject; message: string | null }[];
  it.each(cases.map((one, index) => [`${index}: ${one.message ?? 'decodes'}`, one] as const))('%s', (_name, one) => {
    expect(answer(one.body)).toBe(one.message);
  });

  it('keeps everything but unknown fields', () => {
    const structure = structureOf('', 'v1', 'ConfigMap');
    const body = {
      kind: 'ConfigMap',
      data: { anything: 'x' },
      nothing: 1,
      metadata: { labels: { a: 'b' }, odd: true },
    };
    expect(structure && withoutUnknownFields(structure, body)).toEqual({
      kind: 'ConfigMap',
      data: { anything: 'x' },
      metadata: { labels: { a: 'b' } },
    });
  });
});
