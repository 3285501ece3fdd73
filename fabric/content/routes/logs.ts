/** Logs, for the operator that ships them and the gateway that asks for rows. Inside the cluster only. */
import {
  type HttpContext,
  invalidQuery,
  isObject,
  isTrue,
  Problem,
  type Routes,
  sendJson,
  wholeNumber,
} from '../../http/index.ts';
import { parseInstant } from '../../podlog/instant.ts';
import { checkName, logTextKey } from '../keys.ts';
import { type Batch, LogMismatchError, type LogStore } from '../logs/append.ts';
import { LogFormatError } from '../logs/parse.ts';
import { type Bound, queryRows } from '../logs/query.ts';
import { type ContentOptions, ttlSecondsOf } from '../settings.ts';

const base = '/internal/logs/:project/:folder';
const rowsDefault = 100;
const rowsMaximum = 10_000;

/** Adds the routes of logs. */
export function logRoutes(routes: Routes, options: ContentOptions, logs: LogStore): void {
  routes.post(base, (context) => append(context, options, logs));
  routes.get(base, (context) => facts(context, logs));
  routes.get(`${base}/rows`, (context) => rows(context, options, logs));
}

async function append(context: HttpContext, options: ContentOptions, logs: LogStore): Promise<Response> {
  const { project, folder } = target(context);
  try {
    const batch = batchOf(context, options, folder);
    return sendJson(context, await logs.append(project, folder, batch, context.env.request.stream));
  } catch (error) {
    if (error instanceof LogMismatchError) {
      return sendJson(context, { success: false, message: error.message, code: 409, ...error.facts }, 409);
    }
    if (error instanceof LogFormatError) throw new Problem(400, 'malformed-log', error.message);
    throw error;
  }
}

function batchOf(context: HttpContext, options: ContentOptions, folder: string): Batch {
  const { headers } = context.env.request;
  const line = wholeNumber(context, 'line');
  if (line === undefined) throw invalidQuery('line', 'line is missing: the index of the first line of the batch');
  return {
    line,
    offset: wholeNumber(context, 'offset') ?? 0,
    begin: isTrue(context, 'begin'),
    complete: isTrue(context, 'complete'),
    ledger: ledgerOf(headers['x-log-ledger']),
    ttlSeconds: ttlSecondsOf(options, headers['x-content-ttl'], logTextKey(folder)),
    ...(headers['content-length'] === undefined ? {} : { bytes: Number(headers['content-length']) }),
  };
}

/** The ledger as a JSON object, percent-encoded because headers carry no other alphabets. */
function ledgerOf(header: string | undefined): Record<string, unknown> | undefined {
  if (header === undefined || header === '') return undefined;
  try {
    const ledger: unknown = JSON.parse(header.startsWith('{') ? header : decodeURIComponent(header));
    if (isObject(ledger)) return ledger;
  } catch {
    // refused below, with the same words as JSON of another kind
  }
  throw new Problem(400, 'malformed-ledger', 'X-Log-Ledger must be a JSON object');
}

async function facts(context: HttpContext, logs: LogStore): Promise<Response> {
  const { project, folder } = target(context);
  const found = await logs.facts(project, folder);
  if (!found) throw missing(project, folder);
  return sendJson(context, found);
}

async function rows(context: HttpContext, options: ContentOptions, logs: LogStore): Promise<Response> {
  const { project, folder } = target(context);
  const limit = wholeNumber(context, 'limit') ?? rowsDefault;
  const query = {
    limit: limit === 0 ? rowsMaximum : Math.min(limit, rowsMaximum),
    offset: wholeNumber(context, 'offset') ?? 0,
    sort: sortOf(context),
    after: boundOf(context, 'after'),
    before: boundOf(context, 'before'),
  };
  const found = await logs.facts(project, folder);
  if (!found) throw missing(project, folder);
  const page = await queryRows(options.blobs, project, folder, query);
  const { resume: _, ...known } = found;
  return sendJson(context, { success: true, ...known, ...page });
}

function sortOf(context: HttpContext): 'oldest' | 'newest' {
  const text = context.req.query('sort') ?? 'oldest';
  if (/^(oldest|asc|1)$/i.test(text)) return 'oldest';
  if (/^(newest|desc|-1)$/i.test(text)) return 'newest';
  throw invalidQuery('sort', `sort must be oldest or newest, not ${JSON.stringify(text)}`);
}

/** A whole number is the index of a line, anything else an instant. */
function boundOf(context: HttpContext, name: 'after' | 'before'): Bound | undefined {
  const text = context.req.query(name);
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,15}$/.test(text)) return { line: Number(text) };
  const instant = parseInstant(text);
  if (!instant)
    throw invalidQuery(name, `${name} must be a line number or an RFC 3339 time, not ${JSON.stringify(text)}`);
  return { instant };
}

function target(context: HttpContext): { project: string; folder: string } {
  return {
    project: checkName('project', context.req.param('project') ?? ''),
    folder: checkName('log folder', context.req.param('folder') ?? ''),
  };
}

function missing(project: string, folder: string): Problem {
  return new Problem(404, 'log-not-found', `no log ${folder} in project ${project}`);
}
