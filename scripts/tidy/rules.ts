/**
 * The project's own rules over its sources. Each rule says what is wrong and what to use instead; `tidy.test.ts` holds
 * them, with a case for each rule that must be found.
 */
import { importsOf } from './imports.ts';
import { rooms } from './rooms.ts';
import { type Finding, isTest, type Source } from './source.ts';

type Rule = (source: Source) => Finding[];

/** Which top-level folders may import which others (design: arrows point one way). */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  world: [],
  cron: [],
  patterns: [],
  kubernetes: ['world'],
  fabric: ['kubernetes', 'world', 'cron', 'patterns'],
  simulator: ['kubernetes', 'world', 'cron', 'patterns'],
  fixtures: ['world', 'kubernetes', 'simulator'],
  harness: ['simulator', 'fabric', 'kubernetes', 'world', 'cron', 'fixtures', 'scenarios'],
  scenarios: ['harness', 'cron'],
  perf: ['harness', 'scenarios', 'simulator', 'fabric', 'kubernetes', 'world', 'cron', 'fixtures'],
  scripts: ['harness', 'simulator', 'fabric', 'kubernetes', 'world', 'cron', 'fixtures'],
};

/** Code is held to it by the formatter. */
const WIDTH_MAX = 120;
/** A line of a comment that is prose: examples of code and of commands are indented, or stand as they are run. */
const COMMENT = /^\s*(?:\/\*\*|\*(?= )|\/\/) ?(?!npm |node |const |await |--)\S/;

/** Longer files have two ideas. */
const LINES_MAX = 450;

/** Where the machine's time, chance, network and disk are at home. */
const MACHINE_HALF = [
  /^world\/real\//,
  /^world\/simulated\/(kernel|guard)\.ts$/,
  /^fixtures\/(?:actor|daemons)\/\w+-process\.ts$/,
  /^fabric\/(program|[\w-]+\/main)\.ts$/,
  // Programs that `fabric workspaces generate` gives away.
  /^fabric\/cli\/templates\//,
];
/** Folders whose code must run in a simulation. */
const SIMULATED = /^(fabric|simulator|kubernetes|cron|patterns|world|fixtures)\//;

const MACHINE_CALLS: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b/, 'world.clock.now()'],
  [/\bnew Date\(\)/, 'new Date(world.clock.now())'],
  [/\b(?<![.\w])(?:setTimeout|setInterval|setImmediate)\(/, 'world.clock.after() or sleep()'],
  [/\bMath\.random\b/, "world.random.stream('name')"],
  [/\brandom(?:UUID|Bytes|Int)\b/, "world.random.stream('name')"],
  [/\bperformance\.now\b/, 'world.clock.now()'],
  [/\bprocess\.(?:hrtime|env|stdout|stderr|exit)\b/, 'options and world.log'],
  [/\bconsole\.\w+\(/, 'world.log'],
  [/\bAbortSignal\.timeout\b/, 'deadlineSignal(world.clock, …)'],
  [
    // A table of words and a pure function are no machine.
    /^(?!import \{ (?:STATUS_CODES|isIP(?:v[46])?(?:, isIPv[46])*) \}).*from 'node:(?:fs|fs\/promises|http|https|net|child_process|dns|worker_threads|timers|timers\/promises)'/,
    'the World',
  ],
];

export const rules: Readonly<Record<string, Rule>> = {
  rooms,
  arrows(source) {
    const folder = topFolder(source.path);
    const allowed = ARROWS[folder];
    if (!allowed) return [];
    return importsOf(source).flatMap(({ target, line }) => {
      const other = topFolder(target);
      if (other === folder || !(other in ARROWS) || allowed.includes(other)) return [];
      return [
        { path: source.path, line, message: `${folder}/ must not import ${other}/ (${target}): arrows point one way` },
      ];
    });
  },
  machine(source) {
    if (!SIMULATED.test(source.path) || isTest(source.path) || MACHINE_HALF.some((place) => place.test(source.path)))
      return [];
    return eachLine(source, (code) => {
      const found = MACHINE_CALLS.find(([pattern]) => pattern.test(code));
      return found ? `takes from the machine what the World owns: use ${found[1]}` : undefined;
    });
  },
  paths(source) {
    return eachLine(source, (_code, line) =>
      /(?<![\w.])\/(?:home|root|Users|work)\/\w/.test(line)
        ? 'a path of one machine: make it relative, or an option'
        : undefined,
    );
  },
  width(source) {
    return eachLine(source, (_code, line) =>
      COMMENT.test(line) && line.length > WIDTH_MAX
        ? `a comment of ${line.length} columns: at most ${WIDTH_MAX}`
        : undefined,
    );
  },
  length(source) {
    const lines = source.text.split('\n').length;
    if (lines <= LINES_MAX) return [];
    return [{ path: source.path, line: lines, message: `${lines} lines: would two names explain it better than one?` }];
  },
  opening(source) {
    if (isTest(source.path) || /^\s*\/\*\*/.test(source.text) || /^#!/.test(source.text)) return [];
    return [{ path: source.path, line: 1, message: 'begin with a comment that says what the file is for' }];
  },
  doubled(source) {
    const opening = source.text.indexOf('*/');
    return [...source.text.matchAll(/\*\/\n\s*\/\*\*/g)]
      .filter(({ index }) => index > opening)
      .map(({ index }) => ({
        path: source.path,
        line: source.text.slice(0, index).split('\n').length,
        message: 'two doc comments in a row: what is the first one of?',
      }));
  },
  unfinished(source) {
    return eachLine(source, (_code, line) =>
      /\b(?:TODO|FIXME|XXX|HACK)\b|@ts-(?:ignore|nocheck|expect-error)|\bas any\b|\b(?:it|test|describe)\.(?:only|skip|todo)\b/.test(
        line,
      )
        ? 'unfinished, or out of the types’ sight: finish it, or say it in an issue'
        : undefined,
    );
  },
};

/** All findings of all rules over TypeScript sources. */
export function tidy(sources: readonly Source[]): Finding[] {
  return sources.flatMap((source) => Object.values(rules).flatMap((rule) => rule(source)));
}

/** `check` gets each line without its comments and string contents, and as it is. */
function eachLine(source: Source, check: (code: string, line: string) => string | undefined): Finding[] {
  const findings: Finding[] = [];
  source.text.split('\n').forEach((line, index) => {
    const trimmed = line.trim();
    const isComment = trimmed.startsWith('*') || trimmed.startsWith('/*') || trimmed.startsWith('//');
    const message = check(isComment ? '' : line.replace(/\/\/ .*$/, ''), line);
    if (message !== undefined) findings.push({ path: source.path, line: index + 1, message });
  });
  return findings;
}

function topFolder(path: string): string {
  return path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
}
