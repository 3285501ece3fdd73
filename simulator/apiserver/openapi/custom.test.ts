/**
 * How schemas of custom resources are published; compared with a real server in
 * harness/fidelity/exchanges/topics/openapi.yaml.
 */
import { describe, expect, test } from 'vitest';
import { inTextOrder } from '../schema/repeated-members.ts';
import { publishedSchema } from './custom.ts';

const reference = (typeName: string) => ({ $ref: typeName });
const spec = {
  type: 'object',
  required: ['a', 'b'],
  properties: {
    a: { type: 'string', default: 'x' },
    b: { type: 'string', nullable: true },
    c: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { d: { type: 'string' } } },
    e: { 'x-kubernetes-int-or-string': true },
  },
  oneOf: [{ required: ['a'] }],
};

const publishedSpec = (openApi: 2 | 3) => {
  const { properties } = publishedSchema({ type: 'object', properties: { spec } }, { openApi, reference });
  return (properties as { spec: object }).spec;
};

describe('a schema as version 2', () => {
  test('loses defaults, junctors, what may be null, and the members of what keeps unknown fields', () => {
    expect(publishedSpec(2)).toEqual({
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'string' },
        b: {},
        c: { 'x-kubernetes-preserve-unknown-fields': true },
        e: { 'x-kubernetes-int-or-string': true },
      },
    });
  });

  test('is a plain object when its root keeps unknown fields', () => {
    const schema = { ...spec, 'x-kubernetes-preserve-unknown-fields': true };
    expect(publishedSchema(schema, { openApi: 2, reference })).toEqual({ type: 'object' });
  });
});

test('a schema as version 3 stays as it was written, and says what a number or a text is', () => {
  const e = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true };
  expect(publishedSpec(3)).toEqual({ ...spec, properties: { ...spec.properties, e } });
});

test('an embedded resource must have a type', () => {
  const schema = { type: 'object', properties: { inner: { type: 'object', 'x-kubernetes-embedded-resource': true } } };
  const { properties } = publishedSchema(schema, { openApi: 3, reference });
  const { inner } = properties as { inner: { required: string[]; properties: object } };
  expect(inner.required).toEqual(['kind', 'apiVersion']);
  expect(Object.keys(inner.properties)).toEqual(['apiVersion', 'kind', 'metadata']);
});

test('what is wrong in a JSON body is told in the order of the text', () => {
  const problems = ['duplicate field "spec.a"', 'unknown field "spec.b"', 'unknown field "c"'];
  const text = '{"spec":{"b":1,"a":1,"a":2},"c":3}';
  expect(inTextOrder(text, problems)).toEqual([
    'unknown field "spec.b"',
    'duplicate field "spec.a"',
    'unknown field "c"',
  ]);
});
