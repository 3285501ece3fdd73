/** The project keeps its own rules, and each rule finds what it is there to find. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { circles, circlesIn } from './circles.ts';
import { type Chapters, chaptersOf, citations, citedDocuments } from './citations.ts';
import { tidy } from './rules.ts';
import type { Source } from './source.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ownRules = /^scripts\/tidy\//;

function sources(ending: RegExp): Source[] {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => ending.test(file) && !/(?:^|\/)(?:node_modules|dist|\.git)\//.test(file) && !ownRules.test(file))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

test('every source keeps the rules', () => {
  const all = sources(/\.ts$/);
  expect(all.length).toBeGreaterThan(50);
  const findings = tidy(all).map(({ path, line, message }) => `${path}:${line}: ${message}`);
  expect(findings).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(circles(sources(/\.ts$/)).map(({ path, message }) => `${path}: ${message}`)).toEqual([]);
});

describe('circles', () => {
  const circlesOf = (targets: Readonly<Record<string, readonly string[]>>) =>
    circlesIn(new Map(Object.entries(targets)));

  test('are found once each, by all that are in them', () => {
    expect(circlesOf({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['d'] })).toEqual([
      ['d', 'e'],
      ['a', 'b', 'c'],
    ]);
  });

  test('are none where arrows only meet', () => {
    expect(circlesOf({ a: ['b', 'c'], b: ['d'], c: ['d', 'elsewhere'], d: [] })).toEqual([]);
  });

  test('are made by types and lazy imports too', () => {
    const one = { path: 'cron/a.ts', text: "import type { B } from './b.ts';" };
    const other = { path: 'cron/b.ts', text: "const a = await import('./a.ts');" };
    expect(circles([one, other]).map(({ message }) => message)).toEqual([expect.stringContaining('cron/b.ts')]);
  });
});

describe('chapters that are cited', () => {
  const chaptersIn = (path: string) => chaptersOf(readFileSync(join(root, path), 'utf8'));
  const chapters: Chapters = {
    semantics: chaptersIn(citedDocuments.semantics),
    contract: chaptersIn(citedDocuments.contract),
  };

  test('are headings of the documents, in sources and in docs', () => {
    const all = sources(/\.(?:ts|md|ya?ml)$/);
    const found = all.flatMap((source) => citations(source, chapters));
    expect(found.map(({ path, line, message }) => `${path}:${line}: ${message}`)).toEqual([]);
  });

  test('are found wherever they stand, and those that are none are told', () => {
    const text = '/** Source: semantics 2.5, 99.1; contract 3.4, and\n * contract 0, trap 7; semantics 77. */';
    const found = citations({ path: 'a.ts', text }, chapters);
    expect(found).toEqual([
      { path: 'a.ts', line: 1, message: 'docs/kubernetes/semantics.md has no chapter 99.1' },
      { path: 'a.ts', line: 2, message: 'docs/kubernetes/semantics.md has no chapter 77' },
    ]);
  });
});

describe('the rules find', () => {
  const opening = '/** For a test. */\n';
  test.each([
    [
      'an arrow that points the wrong way',
      'world/a.ts',
      "import { x } from '../fabric/x.ts';",
      'world/ must not import fabric/',
    ],
    [
      'fabric knowing the simulator',
      'fabric/a.ts',
      "export * from '../simulator/x.ts';",
      'fabric/ must not import simulator/',
    ],
    [
      'an import over several lines',
      'cron/a.ts',
      "import {\n  x,\n} from '../world/x.ts';",
      'cron/ must not import world/',
    ],
    [
      'a lazy import',
      'kubernetes/a.ts',
      "const x = await import('../harness/x.ts');",
      'kubernetes/ must not import harness/',
    ],
    [
      'an arrow between rooms that points the wrong way',
      'simulator/apiserver/storage/a.ts',
      "import { x } from '../operations/list.ts';",
      'storage/ must not import operations/',
    ],
    ['a room that nobody has placed', 'simulator/apiserver/attic/a.ts', '', 'is no room of'],
    ['the machine’s clock', 'fabric/a.ts', 'const now = Date.now();', 'world.clock.now()'],
    ['the machine’s timers', 'simulator/a.ts', 'setTimeout(() => 1, 2);', 'world.clock.after()'],
    ['the machine’s chance', 'kubernetes/a.ts', 'Math.random();', 'world.random'],
    ['the machine’s files', 'fabric/a.ts', "import { readFile } from 'node:fs/promises';", 'the World'],
    ['a path of one machine', 'harness/a.ts', "const f = '/home/me/x';", 'a path of one machine'],
    ['unfinished work', 'harness/a.ts', '// TODO later', 'unfinished'],
    ['a hole in the types', 'harness/a.ts', 'const x = y as any;', 'unfinished'],
    ['a wide comment', 'harness/a.ts', `/** ${'word '.repeat(30)}*/`, 'a comment of 156 columns'],
    ['two doc comments in a row', 'harness/a.ts', '/** One. */\n/** Two. */\nexport {};', 'two doc comments in a row'],
    ['a long file', 'harness/a.ts', 'x\n'.repeat(500), 'would two names'],
  ])('%s', (_what, path, text, message) => {
    expect(
      tidy([{ path, text: opening + text }])
        .map((finding) => finding.message)
        .join('\n'),
    ).toContain(message);
  });

  test('a file without an opening comment', () => {
    expect(tidy([{ path: 'harness/a.ts', text: 'export {};' }])).toHaveLength(1);
  });

  test('nothing in what is right', () => {
    const text = `${opening}import { x } from '../world/x.ts';\n/* Date.now would be wrong. */\nexport const at = new Date(0);\n`;
    expect(tidy([{ path: 'fabric/a.ts', text }])).toEqual([]);
  });
});
