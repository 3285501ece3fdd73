/**
 * Finds code that takes time or chance from the machine behind the World's back: such a run cannot be replayed. While a
 * guard is up, calls of the global clock, timers and random numbers are noted with the place that made them.
 */
export interface Guard {
  /** `Date.now in /…/file.js:12`, each place once, in the order of their first call. */
  readonly violations: readonly string[];
  /** Puts the globals back. */
  release(): void;
}

/**
 * Places that may: undici notes `performance.now` for timing entries that nobody reads, and the runner of the tests
 * keeps its own time. `world/real` is the machine's half.
 */
const ALLOWED = [
  /node:internal/,
  /\/node_modules\/(undici|vitest|@vitest|tinypool|vite|vite-node)\//,
  /\/world\/(real|simulated)\//,
  /<anonymous>/,
];

export function startGuard(): Guard {
  const violations = new Set<string>();
  const originals: (() => void)[] = [];
  const note = (name: string, watcher: CallableFunction) => {
    const place = callerOf(watcher);
    if (place && !ALLOWED.some((pattern) => pattern.test(place))) violations.add(`${name} in ${place}`);
  };
  const watch = <Owner extends object>(owner: Owner, key: keyof Owner & string, label: string) => {
    const original = owner[key];
    if (typeof original !== 'function') return;
    const watched = (...parameters: unknown[]): unknown => {
      note(label, watched);
      return Reflect.apply(original, owner, parameters);
    };
    Object.assign(watched, original);
    Object.defineProperty(owner, key, { value: watched, configurable: true, writable: true });
    originals.push(() => Object.defineProperty(owner, key, { value: original, configurable: true, writable: true }));
  };
  watch(Date, 'now', 'Date.now');
  watch(Math, 'random', 'Math.random');
  watch(performance, 'now', 'performance.now');
  watch(globalThis, 'setTimeout', 'setTimeout');
  watch(globalThis, 'setInterval', 'setInterval');
  watch(crypto, 'randomUUID', 'crypto.randomUUID');
  const RealDate = Date;
  function construct(target: DateConstructor, parameters: unknown[], newTarget: CallableFunction): Date {
    if (parameters.length === 0) note('new Date()', construct);
    return Reflect.construct(target, parameters, newTarget);
  }
  globalThis.Date = new Proxy(RealDate, { construct });
  originals.push(() => {
    globalThis.Date = RealDate;
  });
  return {
    get violations() {
      return [...violations];
    },
    release() {
      for (const restore of originals.reverse()) restore();
      originals.length = 0;
    },
  };
}

/**
 * The place that called the watcher. One frame, not formatted: undici alone asks for the time some five times a
 * request, and a whole stack as text would be a good part of a run's cost.
 */
function callerOf(watcher: CallableFunction): string | undefined {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 1;
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.captureStackTrace(holder, watcher);
    const [site] = holder.stack as NodeJS.CallSite[];
    const file = site?.getFileName()?.replace(/^file:\/\//, '');
    return file && `${file}:${site?.getLineNumber()}`;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}
