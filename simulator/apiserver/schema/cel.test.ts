/**
 * What rules may be and may cost; how the real server answers rules one by one is in cases/ and in the exchanges of
 * harness/fidelity.
 */
import { describe, expect, it } from 'vitest';
import { checkRules, validateRules } from './cel.ts';
import type { Json, JsonObject } from './json.ts';

function ruled(properties: JsonObject, ...rules: string[]): JsonObject {
  return { type: 'object', properties, 'x-kubernetes-validations': rules.map((rule) => ({ rule })) };
}

function problems(schema: JsonObject, spec: Json): string[] {
  const root = { type: 'object', properties: { spec: schema } };
  const object = { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'a' }, spec };
  return [...checkRules(root, 'schema'), ...validateRules(object, undefined, root)].map(({ message }) => message);
}

const text = { type: 'string' };
const many = { type: 'array', items: { type: 'integer' } };
const thousand = Array.from({ length: 1000 }, (_, index) => index);

describe('rules', () => {
  it('read members by the names that CEL reserves, escaped or not', () => {
    const schema = ruled(
      { namespace: text, package: text, 'a-b': text, in: text },
      "self.namespace == 'n' && self.__namespace__ == 'n' && self.package == 'p'",
      "self.a__dash__b == 'd' && self.__in__ == 'i'",
    );
    expect(problems(schema, { namespace: 'n', package: 'p', 'a-b': 'd', in: 'i' })).toEqual([]);
    expect(problems(ruled({ namespace: text }, '!has(self.namespace)'), { namespace: '' })).toHaveLength(1);
    expect(problems(ruled({}, "self.namespace == ''"), {}).join()).toContain("undefined field 'namespace'");
  });

  it('that cost too much end with the words of the real server, and no other rule is asked', () => {
    const schema = ruled({ l: many }, 'self.l.all(a, self.l.all(b, a + b >= 0))', 'false');
    const why =
      "'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds";
    const found = problems(schema, { l: thousand });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(why);
  });

  it('share what all rules of an object may cost', () => {
    const one = 'self.l.all(a, self.l.exists(b, b == 100))';
    const schema = ruled({ l: many }, ...Array.from({ length: 40 }, () => one));
    const found = problems(schema, { l: thousand });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(
      'validation failed due to running out of cost budget, no further validation rules will be run',
    );
  });

  it('use patterns that stop other engines, and end', () => {
    const schema = ruled({ s: text }, "!self.s.matches('^(a+)+$')", "self.s.find('(a*)*b') == ''");
    expect(problems(schema, { s: `${'a'.repeat(20_000)}!` })).toEqual([]);
  });
});
