/** The log of a task: as one string, as rows, as the raw file, or followed (contract 3.4.3, 3.4.4). */

import { answered, type HttpContext, isTrue, sendJson, sendStream } from '../../../http/index.ts';
import { count, flag, json, type Parameters, text, words } from '../../../openapi/operation.ts';
import { problems } from '../../errors.ts';
import { logKeyOf, logRowsPath, logTextPath, storedText } from '../../logs/content-log.ts';
import { sendEvents } from '../../logs/events.ts';
import { pacedBacklogBytes, sendPaced } from '../../logs/paced.ts';
import { followRun, hasEnded, printedSoFar, startedPods } from '../../logs/pod-log.ts';
import { logText } from '../../logs/text.ts';
import { ofContent, ofTheCluster } from '../../openapi/refusals.ts';
import { pickedQuery, proxyToContent } from '../../proxy.ts';
import { taskLogAnswer } from '../../schemas/answers/tasks.ts';
import type { Gateway } from '../../settings.ts';
import { latestRun } from '../../tasks/all-records.ts';
import { clusterAnswer } from '../../tasks/cluster-answer.ts';
import { find } from '../../tasks/find.ts';
import type { StoredRecord } from '../../tasks/record.ts';
import { projectOf, taskNameOf } from '../parameters.ts';
import { inProject, route } from '../route.ts';

/** Of rows. */
const rowParameters: Parameters = {
  limit: count('How many rows at most.'),
  offset: count('How many to leave out, from the end that the sort begins with.'),
  sort: words('`oldest` (the default) or `newest` first.'),
  after: words('Only rows after this one: a number of a line, or an RFC 3339 time.'),
  before: words('Only rows before this one: a number of a line, or an RFC 3339 time.'),
};

export const taskLogs = route({
  method: 'GET',
  path: `${inProject}/tasks/:name/logs`,
  audience: 'users',
  summary: 'Gives the log of a task, or of the latest run of a schedule: as text, rows or file, or followed',
  operationId: 'taskLogs',
  query: {
    follow: flag(
      'As it comes: server-sent events, at full speed if Accept names text/event-stream, else paced (contract 3.4.4).',
    ),
    format: words('`rows` for rows; else one text.'),
    raw: flag('The text by itself, as it is stored.'),
    ...rowParameters,
  },
  headers: {
    'last-event-id': words('With follow at full speed: the byte to go on at.'),
    range: words('With raw: a part of the text.'),
  },
  answers: { ...json(taskLogAnswer), ...text('text/plain'), ...text('text/event-stream') },
  also: { 206: 'The part that Range asks for.', 304: 'It is as If-None-Match says.' },
  refuses: [409, 416, ...ofTheCluster, ...ofContent],
  handle: logs,
});

async function logs(context: HttpContext, gateway: Gateway): Promise<Response> {
  const record = await recordOf(context, gateway);
  if (isTrue(context, 'follow')) return follow(context, gateway, record);
  const isRows = context.req.query('format')?.toLowerCase() === 'rows';
  if (record.inCluster) {
    if (isRows) throw problems.logInCluster(record.name);
    if (isTrue(context, 'raw')) return sendPodText(context, gateway, record);
  }
  if (isRows) {
    return proxyToContent(context, gateway, logRowsPath(record, pickedQuery(context, Object.keys(rowParameters))));
  }
  if (isTrue(context, 'raw')) return proxyToContent(context, gateway, logTextPath(record));
  const { text, truncated } = await logText(gateway, record, context.env.request.signal);
  return sendJson(context, {
    success: true,
    logs: text,
    ...(truncated ? { truncated, key: logKeyOf(record) } : {}),
  });
}

/** The file that would be stored: as much of it as the pods have. */
async function sendPodText(context: HttpContext, { client }: Gateway, record: StoredRecord): Promise<Response> {
  if (!client) throw problems.noCluster('a log that is kept in the cluster');
  const { signal } = context.env.request;
  const text = printedSoFar(client, await clusterAnswer(startedPods(client, record)), signal);
  return sendStream(context, text, { 'content-type': 'text/plain; charset=utf-8' });
}

/** The record of the task, or of the latest run of a schedule. */
async function recordOf(context: HttpContext, gateway: Gateway): Promise<StoredRecord> {
  const project = projectOf(context);
  const name = taskNameOf(context);
  const { record } = await find(gateway, project, name);
  const found = record ?? (await latestRun(gateway, project, name));
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
  const stored = hasEnded(record) && !record.inCluster ? await storedText(gateway, record, range, signal) : undefined;
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
