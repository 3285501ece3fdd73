/**
 * A file that gives no scenario is named with its line, and the others are played. Each case is a file and what must be
 * said of it.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { run } from './run.ts';
import { runSideBySide } from './side-by-side.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-broken-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good =
  "export default { title: 'Good', async play({ then }) { then.add('yes', { value: 'true', because: 'so' }); } };";
const throwing = (what: string) => `export default {\n  title: 't',\n  async play() {\n    ${what}\n  },\n};`;

const broken: Readonly<Record<string, readonly [source: string, words: RegExp]>> = {
  'a/syntax': ["const a = 1;\nexport default {\n  title: 'x',\n", /a\/syntax\.ts:3: SyntaxError/],
  'a/twice': [
    'let x = 1;\nlet x = 2;\nexport default x;',
    /a\/twice\.ts:2: SyntaxError: Identifier 'x' has already been/,
  ],
  'a/throws': ["const a: string = 'b';\n\nthrow new Error(a);", /a\/throws\.ts:3: Error: b/],
  'a/throws-text': ["throw 'words';", /a\/throws-text\.ts: 'words' was thrown, which is no Error/],
  'a/nowhere': [
    "import { join } from 'node:path';\nimport b from './absent.ts';\nexport default b;",
    /a\/nowhere\.ts:2: .*absent\.ts/,
  ],
  'a/nothing': ['export const a = 1;', /a\/nothing\.ts: it has no default export/],
  'a/shape': [
    "// one\nexport default { titel: 'x', play: 7 };",
    /a\/shape\.ts:2: titel is no member of a scenario \(did you mean title\?\); play must be a function, and is a number; it has no title/,
  ],
  'a/function': ['export default () => 1;', /a\/function\.ts:1: its default export is a function, not a scenario/],
  'a/needs': [
    "export default { title: 'x', needs: ['vitual time'], play() {} };",
    /no environment has "vitual time", which it needs \(did you mean virtual time\?\)/,
  ],
  'a/fabric': [
    "export default { title: 'x', fabric: { gatway: false, content: 'no' }, play() {} };",
    /gatway is no member of fabric \(did you mean gateway\?\); content must be true or false, and is a text/,
  ],
};

beforeAll(() => {
  for (const [path, [source]] of Object.entries(broken)) write(`${path}.ts`, source);
  write('a/good.ts', good);
  write('a/good.test.ts', 'this is no TypeScript at all');
  // One name, two files.
  write('b/c-d.ts', good);
  write('b/c/d.ts', good);
});

function write(path: string, source: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), source);
}

test('in threads each broken one is unknown with file, line and reason, and the good one is played', async () => {
  const entries = catalogue(folder);
  const results = await run({ entries, environment: () => 'sim', seed: 1, threads: 1 });
  expect(results.map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
  const said = new Map(results.map(({ name, verdict }) => [name, `${verdict.value}: ${verdict.because}`]));
  expect(said.get('a-good')).toMatch(/^true/);
  for (const [path, [, words]] of Object.entries(broken)) {
    expect(said.get(path.replace('/', '-'))).toMatch(new RegExp(`^unknown: /.*${words.source}`));
  }
  expect(said.get('b-c-d')).toMatch(/unknown: .*its name b-c-d is that of .*b\/c(?:-d|\/d)\.ts too: rename one/);
}, 60_000);

test('side by side too', async () => {
  const kind = { name: 'none', abilities: new Set<string>(), up: () => Promise.reject(new Error('it was its turn')) };
  const results = await runSideBySide({ entries: catalogue(folder), kind, seed: 1 });
  const reached = results.filter(({ verdict }) => verdict.because.includes('it was its turn'));
  expect(reached.map(({ name }) => name)).toEqual(['a-good']);
  expect(results).toHaveLength(catalogue(folder).length);
});

test('what a scenario does to its thread is told with its line, and the next is played', async () => {
  const files = {
    'c/loose': throwing("void Promise.reject(new Error('loose'));\n    await new Promise(() => {});"),
    'c/object': throwing('throw { toString() { throw 1; } };'),
    'c/nothing': throwing('throw undefined;'),
    'c/endless': throwing('for (;;) await arguments[0].when.timePasses("1d");'),
    'c/z-good': good,
  };
  for (const [path, source] of Object.entries(files)) write(`${path}.ts`, source);
  const entries = catalogue(folder).filter(({ name }) => name.startsWith('c-'));
  const results = await run({
    entries,
    environment: () => 'sim',
    seed: 1,
    threads: 1,
    limits: { limitMs: 20_000, stallMs: 10_000 },
  });
  expect(results.map(({ name, verdict }) => `${name}: ${verdict.value}, ${verdict.because}`)).toEqual([
    expect.stringMatching(
      /^c-endless: unknown, it does not end: it still plays after 20 s of real time, at .*"when 1d pass"/,
    ),
    expect.stringMatching(/^c-loose: unknown, its thread crashed: Error: loose \(at .*c\/loose\.ts:4\)/),
    expect.stringMatching(/^c-nothing: unknown, undefined was thrown, which is no Error/),
    expect.stringMatching(/^c-object: unknown, .* was thrown, which is no Error/),
    expect.stringMatching(/^c-z-good: true/),
  ]);
}, 120_000);
