/** Literals of structures, written for the evaluator. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withoutLiterals } from './object-literals.ts';

test.each([
  ['Object{}', 'structure__("Object", {})'],
  [
    'Object{spec: Object.spec{replicas: 3}}',
    'structure__("Object", {"spec": structure__("Object.spec", {"replicas": 3})})',
  ],
  [
    'Object {\n  a: {"b": c[0], d: 1},\n  e: f(g, h)\n}',
    'structure__("Object", {\n  "a": {"b": c[0], d: 1},\n  "e": f(g, h)\n})',
  ],
  ['[JSONPatch{op: "add", path: "/a{b: c}"}]', '[structure__("JSONPatch", {"op": "add", "path": "/a{b: c}"})]'],
  ['Object{?a: b.?c}', 'structure__("Object", {?"a": b.?c})'],
  ['x ? Object{a: 1} : Object{}', 'x ? structure__("Object", {"a": 1}) : structure__("Object", {})'],
  ['myObject{}', 'myObject{}'],
  ["object.Object == 'Object{a: 1}'", "object.Object == 'Object{a: 1}'"],
])('%s', (expression, rewritten) => {
  expect(withoutLiterals(expression)).toBe(rewritten);
});

test('what has no structure stays as it is', () => {
  const text = fc.string({ unit: fc.constantFrom(...'abO{}[]()"\'\\:,.? \n/1'.split('')) });
  fc.assert(
    fc.property(text, (expression) => {
      expect(withoutClosing(withoutLiterals(expression))).toBe(withoutClosing(expression));
    }),
  );
});

/** Without closing brackets, which answer the opening ones. */
function withoutClosing(text: string): string {
  return text.replaceAll(/[)\]}]/g, '');
}
