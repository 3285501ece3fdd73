/** Places are read from stacks as Node.js writes them. */
import { expect, test } from 'vitest';
import { calledFrom, placeWords, positionIn } from './source-position.ts';

test.each([
  ['Error: x\n    at play (file:///s/a.ts:7:3)', '/s/a.ts', 7],
  ['Error: x\n    at async Object.play (file:///s/with%20blank/a.ts:7:3)', '/s/with blank/a.ts', 7],
  ['Error: x\n    at /s/a.ts:9:1', '/s/a.ts', 9],
  ['/s/a.ts:2\nlet x = 2;\n    ^\n\nSyntaxError: y', '/s/a.ts', 2],
  ['file:///s/a.ts:1\nimport x\n', '/s/a.ts', 1],
])('%j', (stack, file, line) => expect(positionIn(stack, () => true)).toEqual({ file, line }));

test('what is Node.js’s own is no place', () => {
  expect(positionIn('Error: x\n    at f (node:internal/process/task_queues:105:5)', () => true)).toBeUndefined();
  expect(positionIn('Error: x at 12:30', () => true)).toBeUndefined();
});

test('the place of a verb is that of its caller, after a wait too', async () => {
  const place = await (async () => {
    await Promise.resolve();
    return calledFrom();
  })();
  expect(place).toMatch(/^harness\/scenario\/source-position\.test\.ts:\d+$/);
});

test('inside the package the path is relative', () => {
  expect(placeWords({ file: '/elsewhere/a.ts', line: 3 })).toBe('/elsewhere/a.ts:3');
  expect(placeWords({ file: '/elsewhere/a.ts' })).toBe('/elsewhere/a.ts');
});
