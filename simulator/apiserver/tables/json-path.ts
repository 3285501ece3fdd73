/**
 * JSONPath as printer columns use it: `.spec.list[0].name`, `['a\.b']`, `[*]`, `[1:3]`, `[?(@.type=="Ready")].status`.
 * Missing members give no result, never an error.
 */

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'slice'; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: 'index'; readonly index: number }
  | {
      readonly kind: 'filter';
      readonly path: readonly Step[];
      readonly operator: string | undefined;
      readonly value: unknown;
    };

/** The first value at the path; undefined when there is none or the path cannot be read. */
export function firstValueAt(path: string, value: unknown): unknown {
  const steps = parsedPath(path);
  return steps ? follow(steps, value)[0] : undefined;
}

const parsed = new Map<string, readonly Step[] | undefined>();

function parsedPath(path: string): readonly Step[] | undefined {
  if (!parsed.has(path)) parsed.set(path, parsePath(path));
  return parsed.get(path);
}

const memberPattern = /^\.?((?:\\.|[^.[\\\s])+)/;
const filterPattern = /^\[\?\(\s*@((?:[^()=!<>"']|'[^']*'|"[^"]*")*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)\]/;

function parsePath(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '' && rest !== '.') {
    const found = parseStep(rest);
    if (!found) return undefined;
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return steps;
}

function parseStep(text: string): { step: Step; length: number } | undefined {
  const filter = filterPattern.exec(text);
  if (filter) return parseFilter(filter);
  const bracket = /^\.?\[([^\]]*)\]/.exec(text);
  if (bracket) return withLength(parseBracket(bracket[1] ?? ''), bracket[0].length);
  const member = memberPattern.exec(text);
  if (!member?.[1]) return undefined;
  const name = member[1].replace(/\\(.)/g, '$1');
  return { step: name === '*' ? { kind: 'every' } : { kind: 'member', name }, length: member[0].length };
}

function withLength(step: Step | undefined, length: number): { step: Step; length: number } | undefined {
  return step ? { step, length } : undefined;
}

function parseFilter(match: RegExpExecArray): { step: Step; length: number } | undefined {
  const path = parsePath(match[1] ?? '');
  if (!path) return undefined;
  const operator = match[2];
  const value = operator === undefined ? undefined : literal(match[3] ?? '');
  return { step: { kind: 'filter', path, operator, value }, length: match[0].length };
}

function literal(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted) return quoted[2];
  if (text === 'true' || text === 'false') return text === 'true';
  return Number(text);
}

function parseBracket(text: string): Step | undefined {
  if (text === '*') return { kind: 'every' };
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted) return { kind: 'member', name: (quoted[2] ?? '').replace(/\\(.)/g, '$1') };
  if (/^-?\d+$/.test(text)) return { kind: 'index', index: Number(text) };
  const slice = /^(-?\d*):(-?\d*)$/.exec(text);
  if (!slice) return undefined;
  return { kind: 'slice', start: optional(slice[1]), end: optional(slice[2]) };
}

function optional(text: string | undefined): number | undefined {
  return text ? Number(text) : undefined;
}

function follow(steps: readonly Step[], value: unknown): unknown[] {
  return steps.reduce<unknown[]>(
    (values, step) => values.flatMap((one) => take(step, one)).filter((one) => one !== undefined && one !== null),
    [value],
  );
}

function take(step: Step, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  switch (step.kind) {
    case 'member':
      return Array.isArray(value) || !Object.hasOwn(value, step.name)
        ? []
        : [(value as Record<string, unknown>)[step.name]];
    case 'every':
      return Object.values(value);
    case 'index':
      return Array.isArray(value) ? [value.at(step.index)] : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.start, step.end) : [];
    case 'filter':
      return Array.isArray(value) ? value.filter((element) => passes(step, element)) : [];
  }
}

function passes(step: Step & { kind: 'filter' }, element: unknown): boolean {
  const [found] = follow(step.path, element);
  if (found === undefined) return false;
  if (step.operator === undefined) return true;
  const [left, right] = [found as string | number, step.value as string | number];
  switch (step.operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    default:
      return left >= right;
  }
}
