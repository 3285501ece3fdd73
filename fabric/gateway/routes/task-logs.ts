/** The log of a task: as one string, as rows, as the raw file, or followed (contract 3.4.3, 3.4.4). */
import { answered, type HttpContext, isTrue, queryOf, type Routes, sendJson } from '../../http/index.ts';
import { problems } from '../errors.ts';
import { logKeyOf, logRowsPath, logTextPath, storedText } from '../logs/content-log.ts';
import { sendEvents } from '../logs/events.ts';
import { pacedBacklogBytes, sendPaced } from '../logs/paced.ts';
import { followRun, hasEnded } from '../logs/pod-log.ts';
import { logText } from '../logs/text.ts';
import { proxyToContent } from '../proxy.ts';
import type { Gateway } from '../settings.ts';
import { find } from '../tasks/find.ts';
import type { StoredRecord } from '../tasks/record.ts';
import { projectOf, taskNameOf } from './parameters.ts';

export function taskLogRoutes(routes: Routes, gateway: Gateway): void {
  routes.get('/fabric/v4/projects/:project/tasks/:name/logs', (context) => logs(context, gateway));
}

async function logs(context: HttpContext, gateway: Gateway): Promise<Response> {
  const record = await recordOf(context, gateway);
  if (isTrue(context, 'follow')) return follow(context, gateway, record);
  if (context.req.query('format')?.toLowerCase() === 'rows') {
    return proxyToContent(context, gateway, logRowsPath(record, queryOf(context.env.request.url)));
  }
  if (isTrue(context, 'raw')) return proxyToContent(context, gateway, logTextPath(record));
  const { text, truncated } = await logText(gateway, record, context.env.request.signal);
  return sendJson(context, {
    success: true,
    logs: text,
    ...(truncated ? { truncated, key: logKeyOf(record) } : {}),
  });
}

/** The record of the task, or of the latest run of a schedule. */
async function recordOf(context: HttpContext, gateway: Gateway): Promise<StoredRecord> {
  const project = projectOf(context);
  const name = taskNameOf(context);
  const { record } = await find(gateway, project, name);
  const found = record ?? (await gateway.records.latestRun(project, name));
  if (!found) throw problems.taskNotFound(name, project);
  return found;
}

/** Paced for the existing command line, which sends no Accept header; else standard events at full speed. */
async function follow(context: HttpContext, gateway: Gateway, record: StoredRecord): Promise<Response> {
  const { request, response } = context.env;
  const isStandard = (request.headers.accept ?? '').includes('text/event-stream');
  const { signal } = request;
  const offset = isStandard ? eventOffset(request.headers['last-event-id']) : 0;
  const range = isStandard ? `bytes=${offset}-` : `bytes=-${pacedBacklogBytes}`;
  const stored = hasEnded(record) ? await storedText(gateway, record, range, signal) : undefined;
  const source = stored?.stream ?? liveSource(gateway, record, offset, signal);
  response.head(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const clock = gateway.pacingClock;
  if (isStandard) {
    await sendEvents({ clock, response, source, offset, signal });
  } else {
    const key = logKeyOf(record);
    await sendPaced({ clock, response, source, skippedBytes: stored?.start ?? 0, key, signal });
  }
  return answered;
}

function eventOffset(lastEventId: string | undefined): number {
  return /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0;
}

/** What the pods print, from `offset` on. Without a cluster there is nothing to follow. */
async function* liveSource(
  gateway: Gateway,
  record: StoredRecord,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (!gateway.client) return;
  let toSkip = offset;
  for await (const chunk of followRun(gateway, gateway.client, record, signal)) {
    const fresh = chunk.subarray(Math.min(toSkip, chunk.length));
    toSkip -= chunk.length - fresh.length;
    if (fresh.length > 0) yield fresh;
  }
}
