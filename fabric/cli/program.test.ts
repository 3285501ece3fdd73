/** The command line as a whole: what it says of itself, and how it ends when it is wrong. */
import { expect, test } from 'vitest';
import { version } from '../gateway/version.ts';
import { openCli } from './cli.fixture.ts';
import { allCommands } from './program.ts';

const { run } = openCli();

test('tells its version', async () => {
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('names each area in its help', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  for (const { path } of allCommands) expect(out).toContain(`\n  ${path[0]}`);
});

test.each(allCommands.map(({ path, summary }) => ({ words: path.join(' '), path, summary })))(
  '$words explains itself',
  async ({ path, summary }) => {
    const { code, out } = await run([...path, '--help']);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(summary);
  },
);

test.each([
  [['taks'], 'Did you mean tasks?'],
  [['tasks', 'lst'], 'Did you mean list?'],
  [['tasks', 'list', '--lmit', '3'], "unknown option '--lmit'"],
  [['tasks', 'describe'], "missing required argument 'task'"],
])('%j is refused with what was probably meant, and nothing is asked', async (words, message) => {
  const { code, err } = await run(words);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test('without a profile it says how to make one', async () => {
  const { code, err } = await run(['tasks', 'list'], { environment: {} });
  expect([code, err]).toEqual([4, expect.stringContaining('fabric configure --file')]);
});
