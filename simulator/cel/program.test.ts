/**
 * Costs, limits and depths: whatever is written, an evaluation ends. What the language means is judged in
 * specification/.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DYN, INT, listOf, STRING, type Type } from './check/types.ts';
import { Budget } from './cost.ts';
import { CostError, EvaluationError } from './errors.ts';
import { kubernetesFunctions, kubernetesTypes } from './library/kubernetes.ts';
import { compile } from './program.ts';
import { CompileError } from './syntax/issues.ts';
import type { Value } from './values/value.ts';

const types: Readonly<Record<string, Type>> = { l: listOf(INT), s: STRING, x: DYN };

function run(source: string, values: Readonly<Record<string, Value>> = {}, budget = new Budget()): Value {
  const variables = new Map(Object.entries(types));
  const program = compile(source, { functions: kubernetesFunctions, types: kubernetesTypes, variables });
  return program.evaluate((name) => values[name], budget);
}

const thousand = Array.from({ length: 1000 }, (_, index) => BigInt(index));

describe('an expression', () => {
  it('ends with the error of the real server when it costs too much', () => {
    const nested = 'l.all(a, l.all(b, l.all(c, a + b + c >= 0)))';
    expect(() => run(nested, { l: thousand })).toThrow(new CostError());
    expect(() => run(nested, { l: thousand })).toThrow('operation cancelled: actual cost limit exceeded');
    expect(run('l.all(a, a >= 0)', { l: thousand })).toBe(true);
  });

  it('costs what Kubernetes counts', () => {
    const cost = (source: string, values: Readonly<Record<string, Value>> = {}): number => {
      const budget = new Budget();
      run(source, values, budget);
      return budget.spent;
    };
    // From apiserver cel/library/cost_test.go and cel-go interpreter/runtimecost_test.go.
    expect(cost('1 + 2 == 3')).toBe(2);
    expect(cost("'abc' == 'abc'")).toBe(1);
    expect(cost('s.startsWith("a")', { s: 'a'.repeat(100) })).toBe(11);
    expect(cost("s.matches('[a-z]+')", { s: 'a'.repeat(100) })).toBe(1 + 11 * 2);
    expect(cost('l.sum()', { l: thousand })).toBe(1001);
  });

  it('ends soon, whatever it does to lists and texts', () => {
    const long = 'a'.repeat(100_000);
    const hostile = [
      `${Array.from({ length: 200 }, () => 'l').join(' + ')} == l`,
      "s.replace('', s).size() > 0",
      'lists.range(1000000000).size() > 0',
      '[s, s, s].join(s).replace("a", s).size() > 0',
      'l.map(a, l.map(b, l)).size() > 0',
      "s.matches('(a*)*b') || s.matches('^(a+)+$')",
      'l.distinct().size() > 0',
    ];
    const big = Array.from({ length: 100_000 }, (_, index) => BigInt(index));
    for (const source of hostile) {
      try {
        run(source, { l: big, s: long });
      } catch (error) {
        expect(error, source).toBeInstanceOf(CostError);
      }
    }
  });

  it('is refused when parts stand in parts too deeply, or when it is too long', () => {
    for (const sign of ['(', '[', '!(', '-(']) {
      expect(() => run(`${sign.repeat(5000)}1`)).toThrow(CompileError);
    }
    expect(() => run(`x${'.a'.repeat(5000)}`)).toThrow('expression recursion limit exceeded: 250');
    expect(() => run(`1${' + 1'.repeat(5000)}`)).toThrow(CompileError);
    expect(run(`true${' && true'.repeat(5000)}`)).toBe(true);
    expect(() => run(' '.repeat(100_001))).toThrow('expression code point size exceeds limit');
  });

  it('that chains macros is as long as it is, not twice as long with each', () => {
    expect(run(`optional.of(1)${'.optMap(a, a + 1)'.repeat(60)}.value()`)).toBe(61n);
  });

  it('is a value or an error of its own, whatever is written', () => {
    const word = fc.constantFrom(
      'x',
      'l',
      's',
      '1',
      '"a"',
      '+',
      '(',
      ')',
      '[',
      ']',
      '.',
      '?',
      ':',
      '==',
      '&&',
      'all',
      ',',
      '{',
      '}',
      'in',
      '-',
      'has',
      'map',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        try {
          run(words.join(' '), { x: 1n, l: [1n, 2n], s: 'a' });
        } catch (error) {
          const isOwn = error instanceof CompileError || error instanceof EvaluationError || error instanceof CostError;
          expect(isOwn, String(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('can be written over several lines, with any letters: the mark stands below what is wrong', () => {
    const message = "ERROR: <input>:2:6: undeclared reference to 'zz' (in container '')\n | 'é' +zz\n | .．...^";
    expect(() => run("'a' ==\n'é' +zz")).toThrow(message);
  });
});
