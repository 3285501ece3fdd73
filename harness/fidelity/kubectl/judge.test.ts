/** Differences between transcripts are found, and only listed ones are accepted. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareLines, compareOutputs } from './compare.ts';
import { sort } from './judge.ts';

const one = { topic: 'get', name: 'Jobs' };
const output = { command: 'kubectl get jobs', out: 'a\nb\n', err: '', exit: 0 };

test('a line that only one side printed is a difference, another exit code too', () => {
  const differences = compareOutputs([output], [{ ...output, out: 'a\nc\nb\n', exit: 1 }]);
  expect(differences).toEqual([
    { command: '1 kubectl get jobs', stream: 'out', side: 'simulated', line: 'c' },
    { command: '1 kubectl get jobs', stream: 'exit', side: 'real', line: 'exit 0' },
    { command: '1 kubectl get jobs', stream: 'exit', side: 'simulated', line: 'exit 1' },
  ]);
});

test('a listed reason explains its line and no other', () => {
  const differences = compareOutputs([output], [{ ...output, out: 'a\nc\nb\n' }]);
  const reason = { why: 'So it is.', side: 'simulated' as const, line: /^c$/ };
  expect(sort(one, differences, [reason])).toEqual({ outcome: 'accepted', unexplained: [], reasons: [reason] });
  expect(sort(one, differences, [{ ...reason, side: 'real' }]).outcome).toBe('different');
  expect(sort(one, differences, [{ ...reason, cases: /^delete/ }]).outcome).toBe('different');
  expect(sort(one, [], [reason]).outcome).toBe('equal');
});

test('without the lines that only one of them has, both have the same number of lines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(lines, lines, (real, simulated) => {
      const differences = compareLines(real.join('\n'), simulated.join('\n'));
      const alone = (side: 'real' | 'simulated') => differences.filter((each) => each.side === side).length;
      expect(real.length - alone('real')).toBe(simulated.length - alone('simulated'));
      expect(differences.length === 0).toBe(real.join('\n') === simulated.join('\n'));
    }),
  );
});
