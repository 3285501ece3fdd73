/** Logs, for the operator that ships them; rows of them stand in `log-rows.ts`. Inside the cluster only. */
import {
  type HttpContext,
  invalidQuery,
  isObject,
  isTrue,
  Problem,
  parsedJson,
  type Routes,
  sendJson,
  wholeNumber,
} from '../../http/index.ts';
import { logTextKey } from '../keys.ts';
import { type Batch, LogKeyTakenError, LogMismatchError, type LogStore } from '../logs/append.ts';
import { LogFormatError } from '../logs/parse.ts';
import { type ContentOptions, ttlSecondsOf } from '../settings.ts';
import { logBase, logTarget } from './log-target.ts';

/** Adds the routes of logs. */
export function logRoutes(routes: Routes, options: ContentOptions, logs: LogStore): void {
  routes.post(logBase, (context) => append(context, options, logs));
  routes.get(logBase, (context) => facts(context, logs));
}

async function append(context: HttpContext, options: ContentOptions, logs: LogStore): Promise<Response> {
  const { project, folder } = logTarget(context);
  try {
    const batch = batchOf(context, options, folder);
    return sendJson(context, await logs.append(project, folder, batch, context.env.request.stream));
  } catch (error) {
    if (error instanceof LogMismatchError) {
      return sendJson(context, { success: false, message: error.message, code: 409, ...error.facts }, 409);
    }
    if (error instanceof LogKeyTakenError) throw new Problem(422, 'log-key-taken', error.message);
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
    const ledger = parsedJson(header.startsWith('{') ? header : decodeURIComponent(header), 'X-Log-Ledger');
    if (isObject(ledger)) return ledger;
  } catch {
    // refused below, with the same words as JSON of another kind
  }
  throw new Problem(400, 'malformed-ledger', 'X-Log-Ledger must be a JSON object');
}

async function facts(context: HttpContext, logs: LogStore): Promise<Response> {
  const { project, folder } = logTarget(context);
  const found = await logs.facts(project, folder);
  if (found) return sendJson(context, found);
  throw (await logs.isTaken(project, folder)) ? taken(project, folder) : missing(project, folder);
}

/** So that whoever looks for a folder takes another one. */
function taken(project: string, folder: string): Problem {
  const message = `an object of a user stands where the log ${folder} of project ${project} would be stored`;
  return new Problem(409, 'log-key-taken', message);
}

function missing(project: string, folder: string): Problem {
  return new Problem(404, 'log-not-found', `no log ${folder} in project ${project}`);
}
