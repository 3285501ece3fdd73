/**
 * Bodies that kubectl 1.36 sent, against the JSON that the same command prints with `--dry-run=client -o json` (nulls
 * left out).
 */
import fastCheck from 'fast-check';
import { describe, expect, test } from 'vitest';
import cases from './cases/kubectl.json' with { type: 'json' };
import { decodeProtobuf, UnknownMessageError } from './decode.ts';
import { fieldsOf } from './fields.ts';
import { WireError } from './wire.ts';

describe('a protobuf body', () => {
  test.each(cases)('reads as its JSON: $command', ({ body, object }) => {
    expect(decodeProtobuf(Buffer.from(body, 'base64'))).toEqual(object);
  });

  test('keeps what is set to zero on purpose, and drops what is merely empty', () => {
    const scaled = cases.find(({ command }) => command.includes('--replicas 0'));
    const object = decodeProtobuf(Buffer.from(scaled?.body ?? '', 'base64')) as { spec: Record<string, unknown> };
    expect(object.spec.replicas).toBe(0);
    expect(object.spec).not.toHaveProperty('minReadySeconds');
  });

  test('of a kind without a table of fields is refused by name', () => {
    const type = Buffer.from([0x0a, 2, ...Buffer.from('v9'), 0x12, 4, ...Buffer.from('Cake')]);
    const body = Buffer.from([0x6b, 0x38, 0x73, 0, 0x0a, type.length, ...type]);
    expect(() => decodeProtobuf(body)).toThrow(new UnknownMessageError('v9', 'Cake'));
  });

  test('that is cut anywhere or has a byte changed gives an object or a typed error, never another one', () => {
    const bodies = cases.map(({ body }) => Buffer.from(body, 'base64'));
    fastCheck.assert(
      fastCheck.property(fastCheck.constantFrom(...bodies), fastCheck.nat(), fastCheck.nat(255), (body, at, byte) => {
        const position = at % body.length;
        const changed = Buffer.from(body);
        changed[position] = byte;
        for (const broken of [body.subarray(0, position), changed]) {
          try {
            expect(decodeProtobuf(broken)).toBeTypeOf('object');
          } catch (error) {
            expect(error instanceof WireError || error instanceof UnknownMessageError).toBe(true);
          }
        }
      }),
    );
  });
});

test('a member with the name of another message part is found under its JSON name', () => {
  expect(fieldsOf('apiextensions.v1.JSONSchemaProps')?.get(44)?.name).toBe('x-kubernetes-validations');
  expect(fieldsOf('core.v1.Volume')?.get(2)).toMatchObject({ name: '', type: 'core.v1.VolumeSource' });
});
