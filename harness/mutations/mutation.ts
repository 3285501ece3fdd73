/** A fault put into the source of Fabric or of the simulator on purpose, to see whether the scenarios notice. */
export interface Mutation {
  readonly name: string;
  readonly kind: MutationKind;
  /** What the broken program does. */
  readonly description: string;
  /** Path from the package's folder. */
  readonly file: string;
  /**
   * The beginning of the declaration that holds the place: `find` is looked for in it alone. The whole file when
   * absent.
   */
  readonly within?: string;
  /** Must stand there exactly once; how it is broken into lines does not matter. */
  readonly find: string;
  readonly replace: string;
  /** Scenarios that are played, the likeliest first, until one judges false. */
  readonly caughtBy: readonly string[];
}

/** What would be missed if nobody noticed. */
export type MutationKind =
  | "a Task's words"
  | 'records'
  | 'logs'
  | 'load and retries'
  | 'clean-up and time limits'
  | 'answers of the gateway'
  | 'content'
  | 'Kubernetes: Jobs and CronJobs'
  | 'Kubernetes: removal'
  | 'Kubernetes: nodes';

export class MutationError extends Error {
  override readonly name = 'MutationError';
  readonly mutation: string;

  constructor({ name, file, within }: Mutation, what: string) {
    const where = within === undefined ? file : `${within} of ${file}`;
    super(`mutation ${name}: ${what} in ${where}: bring harness/mutations/catalogue up to date`);
    this.mutation = name;
  }
}

/** The source with the fault in it; throws a MutationError when the place is not there exactly once. */
export function mutate(mutation: Mutation, source: string): string {
  const { start, end } = scopeOf(mutation, source);
  const scope = source.slice(start, end);
  const places = [...scope.matchAll(patternOf(mutation.find))];
  const [place] = places;
  if (!place || places.length > 1)
    throw new MutationError(mutation, `its text stands ${places.length} times, not once,`);
  const at = start + place.index;
  return `${source.slice(0, at)}${mutation.replace}${source.slice(at + place[0].length)}`;
}

/** The declaration, to the line that closes it: the next one that is indented as little and closes a bracket. */
function scopeOf(mutation: Mutation, source: string): { start: number; end: number } {
  const { within } = mutation;
  if (within === undefined) return { start: 0, end: source.length };
  const start = source.indexOf(within);
  if (start < 0) throw new MutationError(mutation, 'there is no such declaration');
  const indent = /[ \t]*$/.exec(source.slice(0, start))?.[0] ?? '';
  const close = new RegExp(`^${indent}[\\])}].*$`, 'gm');
  close.lastIndex = start;
  // `): T {` closes the parameters, not the declaration.
  for (let found = close.exec(source); found; found = close.exec(source)) {
    if (!found[0].endsWith('{')) return { start, end: close.lastIndex };
  }
  return { start, end: source.length };
}

/** The text as it may be broken into lines: any white space stands for any, or none beside brackets. */
function patternOf(text: string): RegExp {
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(words.join('\\s+'), 'g');
}
