/**
 * Rows of logs: a page of them, or those with a text while they are found. For the gateway. Inside the cluster only.
 */
import { type HttpContext, isTrue, Problem, type Routes, sendJson, sendStream, wholeNumber } from '../../http/index.ts';
import { logTextKey } from '../keys.ts';
import type { LogStore } from '../logs/append.ts';
import { factsOf, type LogFacts } from '../logs/facts.ts';
import { LogFormatError } from '../logs/parse.ts';
import { queryRows } from '../logs/query.ts';
import type { Row } from '../logs/rows.ts';
import { type SearchEnd, type SearchQuery, searchRows } from '../logs/search/search.ts';
import type { StoredLog } from '../logs/stored-log.ts';
import { noLog, withTail } from '../logs/tail.ts';
import { logBase, logTarget } from './log-target.ts';
import { rowQueryOf } from './row-parameters.ts';

const lineMediaType = 'application/x-ndjson';

/** Adds the routes of rows. */
export function logRowRoutes(routes: Routes, logs: LogStore): void {
  routes.get(`${logBase}/rows`, (context) => rows(context, logs));
  routes.post(`${logBase}/rows`, (context) => rowsWithTail(context, logs));
}

async function rows(context: HttpContext, logs: LogStore): Promise<Response> {
  const { project, folder } = logTarget(context);
  const query = rowQueryOf(context);
  const found = await logs.open(project, folder);
  if (!found) throw new Problem(404, 'log-not-found', `no log ${folder} in project ${project}`);
  return sendRows(context, found.log, found.facts, query);
}

/**
 * Of the log with the lines of the body behind it, as the log API prints them with times: `line` is the index of the
 * first. What is stored meanwhile is not taken twice. With `complete` the last line is whole without a line feed.
 * Nothing is stored.
 */
async function rowsWithTail(context: HttpContext, logs: LogStore): Promise<Response> {
  const { project, folder } = logTarget(context);
  const query = rowQueryOf(context);
  const line = wholeNumber(context, 'line') ?? 0;
  const isComplete = isTrue(context, 'complete');
  const found = await logs.open(project, folder);
  const tail = { line, isComplete, body: context.env.request.stream };
  const log = await withTail(found?.log ?? noLog(project, folder), tail).catch((error: unknown) => {
    throw error instanceof LogFormatError ? new Problem(400, 'malformed-log', error.message) : error;
  });
  const { complete, ledger } = found?.facts ?? { complete: false };
  const isStored = found !== undefined && log.end.lines === found.log.end.lines;
  const facts = factsOf(logTextKey(folder), log.end, { complete: complete && isStored, ...(ledger ? { ledger } : {}) });
  return sendRows(context, log, facts, query);
}

async function sendRows(
  context: HttpContext,
  log: StoredLog,
  { resume: _, ...facts }: LogFacts,
  query: ReturnType<typeof rowQueryOf>,
): Promise<Response> {
  const isByLine = (context.env.request.headers.accept ?? '').includes(lineMediaType);
  if ('pattern' in query) return sendFound(context, log, facts, query, isByLine);
  const { rows: page, ...rest } = await queryRows(log, query);
  if (!isByLine) return sendJson(context, { success: true, ...facts, rows: page, ...rest });
  const lines = [...page, { success: true, ...facts, ...rest }].map((each) => `${JSON.stringify(each)}\n`);
  return sendStream(context, bytesOf(lines), { 'content-type': lineMediaType });
}

/** Rows go out as they are found; what is known at the end stands behind them. */
function sendFound(
  context: HttpContext,
  log: StoredLog,
  facts: object,
  query: SearchQuery,
  isByLine: boolean,
): Promise<Response> {
  const found = searchRows(log, query, context.env.request.signal);
  const texts = isByLine ? asLines(facts, found) : asObject(facts, found);
  return sendStream(context, bytesOf(texts), { 'content-type': isByLine ? lineMediaType : 'application/json' });
}

type Found = AsyncGenerator<Row[], SearchEnd>;

/** One JSON object, its `rows` before what is known only at the end. */
async function* asObject(facts: object, found: Found): AsyncGenerator<string> {
  const head = JSON.stringify({ success: true, ...facts });
  yield `${head.slice(0, -1)},"rows":[`;
  let separator = '';
  const end = yield* eachOf(found, (rows) => {
    const text = `${separator}${rows.map((row) => JSON.stringify(row)).join()}`;
    separator = ',';
    return text;
  });
  yield `],${JSON.stringify(end).slice(1)}`;
}

/** A row a line; the last line has no `line`, but what is known of the log and the search. */
async function* asLines(facts: object, found: Found): AsyncGenerator<string> {
  const end = yield* eachOf(found, (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  yield `${JSON.stringify({ success: true, ...facts, ...end })}\n`;
}

async function* eachOf(found: Found, textOf: (rows: Row[]) => string): AsyncGenerator<string, SearchEnd> {
  try {
    for (;;) {
      const { done, value } = await found.next();
      if (done) return value;
      yield textOf(value);
    }
  } finally {
    // The reader may have gone.
    await found.return({ truncated: true });
  }
}

async function* bytesOf(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<Buffer> {
  for await (const text of texts) yield Buffer.from(text);
}
