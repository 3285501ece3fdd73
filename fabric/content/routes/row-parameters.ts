/** The query of a request for rows of a log. All that is wrong in it is told at once. */
import { type HttpContext, Problem, type ProblemDetail } from '../../http/index.ts';
import { parseInstant } from '../../podlog/instant.ts';
import type { Bound, RowQuery } from '../logs/query.ts';
import type { SearchQuery } from '../logs/search/search.ts';
import { textPattern } from '../logs/search/text-pattern.ts';

const rowsDefault = 100;
const rowsMaximum = 10_000;
/** In UTF-8. */
const containsBytesMaximum = 1_024;
const contextLinesMaximum = 100;

/** What is asked for: rows, or those with a text. Throws the Problem `invalid-query` with a detail for each fault. */
export function rowQueryOf(context: HttpContext): RowQuery | SearchQuery {
  const read = new Parameters(context);
  const limit = read.wholeNumber('limit') ?? rowsDefault;
  const query: RowQuery = {
    limit: limit === 0 ? rowsMaximum : Math.min(limit, rowsMaximum),
    offset: read.wholeNumber('offset') ?? 0,
    sort: read.sort(),
    after: read.bound('after'),
    before: read.bound('before'),
  };
  const contains = read.contains();
  const ignoreCase = read.flag('ignoreCase');
  const contextLines = read.contextLines('context', contains);
  const beforeLines = read.contextLines('beforeLines', contains) ?? contextLines ?? 0;
  const afterLines = read.contextLines('afterLines', contains) ?? contextLines ?? 0;
  read.demandNoFaults();
  if (contains === undefined) return query;
  return { ...query, pattern: textPattern(contains, ignoreCase), beforeLines, afterLines };
}

class Parameters {
  readonly #context: HttpContext;
  readonly #faults: ProblemDetail[] = [];

  constructor(context: HttpContext) {
    this.#context = context;
  }

  wholeNumber(name: string): number | undefined {
    return this.#read(name, 'a whole number', (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined));
  }

  sort(): 'oldest' | 'newest' {
    const found = this.#read('sort', 'oldest or newest', (text) => {
      if (/^(oldest|asc|1)$/i.test(text)) return 'oldest';
      return /^(newest|desc|-1)$/i.test(text) ? 'newest' : undefined;
    });
    return found ?? 'oldest';
  }

  /** A whole number is the index of a line, anything else an instant. */
  bound(name: 'after' | 'before'): Bound | undefined {
    return this.#read(name, 'a line number or an RFC 3339 time', (text) => {
      if (/^\d{1,15}$/.test(text)) return { line: Number(text) };
      const instant = parseInstant(text);
      return instant && { instant };
    });
  }

  /** As Python sends it, too: `True`. */
  flag(name: string): boolean {
    const found = this.#read(name, 'true or false', (text) => {
      const flag = text.toLowerCase();
      return flag === 'true' || flag === 'false' ? { isSet: flag === 'true' } : undefined;
    });
    return found?.isSet ?? false;
  }

  contains(): string | undefined {
    const form = `a text within one line, of at most ${containsBytesMaximum} bytes in UTF-8`;
    const isText = (text: string) => !text.includes('\n') && Buffer.byteLength(text) <= containsBytesMaximum;
    return this.#read('contains', form, (text) => (isText(text) ? text : undefined));
  }

  contextLines(name: string, contains: string | undefined): number | undefined {
    const form = `a whole number of lines, at most ${contextLinesMaximum}`;
    const isCount = (text: string) => /^\d{1,15}$/.test(text) && Number(text) <= contextLinesMaximum;
    const lines = this.#read(name, form, (text) => (isCount(text) ? Number(text) : undefined));
    if (lines !== undefined && contains === undefined && this.#context.req.query('contains') === undefined) {
      this.#refuse(name, `${name} needs contains: the text around which lines are shown`);
    }
    return lines;
  }

  demandNoFaults(): void {
    if (this.#faults.length > 0) throw new Problem(400, 'invalid-query', 'Invalid query', this.#faults);
  }

  /** Undefined when the parameter is absent, empty, or no such thing, which is noted then. */
  #read<T>(name: string, form: string, parse: (text: string) => T | undefined): T | undefined {
    const given = this.#context.req.queries(name) ?? [];
    const [text] = given;
    if (given.length > 1) this.#refuse(name, `${name} is given ${given.length} times: give it once`);
    if (given.length !== 1 || text === undefined || text === '') return undefined;
    const value = parse(text);
    if (value === undefined) this.#refuse(name, `${name} must be ${form}, not ${JSON.stringify(text.slice(0, 80))}`);
    return value;
  }

  #refuse(name: string, message: string): void {
    this.#faults.push({ type: name, name, path: ['query', name], message });
  }
}
