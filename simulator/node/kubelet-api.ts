/**
 * The agent's own HTTP server, of which the API server asks the logs of containers:
 * `/containerLogs/NAMESPACE/POD/CONTAINER`, and, for who may use `nodes/proxy`, their files:
 * `/logs/pods/NAMESPACE_POD_UID/CONTAINER/`. Refusals are 400 with the kubelet's texts (semantics 1.19; upstream
 * validateContainerLogStatus).
 */

import type { HttpHandler, HttpResponse } from '../../world/network.ts';
import { parseGoInteger } from '../go/integer.ts';
import { parseGoTime } from '../go/time.ts';
import type { ContainerFacts } from './container-facts.ts';
import { type LogFilesOptions, serveLogFiles } from './log-files.ts';
import { type ReadLogOptions, readLog } from './logs/read-log.ts';
import { timestampOf } from './logs/record-decoder.ts';
import type { PodWorker } from './pod-worker.ts';

export interface KubeletApiOptions extends LogFilesOptions {
  now(): number;
  podNamed(namespace: string, name: string): PodWorker | undefined;
}

/** A request that cannot be served. */
class LogRefusedError extends Error {
  override readonly name = 'LogRefusedError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function kubeletApi(options: KubeletApiOptions): HttpHandler {
  return async (request, response) => {
    const { path: segments, query } = targetOf(request.url);
    if (!segments) return answerText(response, 400, '400 Bad Request\n');
    const [root, ...path] = segments;
    if (root === 'healthz') return answerText(response, 200, 'ok');
    if (root !== 'logs' && (root !== 'containerLogs' || path.length !== 3)) {
      return answerText(response, 404, '404 page not found\n');
    }
    if (request.method !== 'GET') return answerText(response, 405, '405: Method Not Allowed\n');
    if (root === 'logs') return serveLogFiles(options, path, request, response);
    const [namespace = '', pod = '', container = ''] = path;
    try {
      await serveLog(options, { namespace, pod, container }, query, request.signal, response);
    } catch (error) {
      if (!(error instanceof LogRefusedError)) throw error;
      answerText(response, error.code, error.message);
    }
  };
}

/**
 * Path and query of a request. No path for one whose segments are not names: it could lead out of the folder of logs.
 */
function targetOf(url: string): { readonly path: readonly string[] | undefined; readonly query: URLSearchParams } {
  const [path = '', ...query] = url.split('?');
  return { path: segmentsOf(path), query: new URLSearchParams(query.join('?')) };
}

function segmentsOf(path: string): string[] | undefined {
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    return segments.some((segment) => /^\.{1,2}$|[/\0]/.test(segment)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

interface Target {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

async function serveLog(
  options: KubeletApiOptions,
  target: Target,
  query: URLSearchParams,
  signal: AbortSignal,
  response: HttpResponse,
): Promise<void> {
  const worker = options.podNamed(target.namespace, target.pod);
  if (!worker) throw new LogRefusedError(404, `pod "${target.pod}" not found`);
  const facts = worker.factsOf(target.container);
  if (!facts) throw new LogRefusedError(404, `container "${target.container}" not found in pod "${target.pod}"`);
  const instance = instanceOf(facts, target.pod, isTrue(query.get('previous')));
  const log = await options.logs.find(worker.pod.metadata?.uid ?? '', facts.name, instance);
  const readLogOptions = { ...readOptions(query, options.now()), signal };
  response.head(200, { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' });
  if (log) {
    for await (const chunk of readLog(log, readLogOptions)) {
      if (!response.write(chunk)) await response.drained();
    }
  }
  response.end();
}

/** Which instance of the container is meant: its restart count. */
function instanceOf(facts: ContainerFacts, pod: string, previous: boolean): number {
  const { state, last, restartCount, name } = facts;
  const named = `container "${name}" in pod "${pod}"`;
  if (previous) {
    if (facts.containerId === undefined || !last) {
      throw new LogRefusedError(400, `previous terminated ${named} not found`);
    }
    // Between two tries the last instance is the previous one.
    return state.waiting ? restartCount : restartCount - 1;
  }
  if (state.running) return restartCount;
  if (state.terminated) {
    if (facts.containerId === undefined) throw new LogRefusedError(400, `${named} is terminated`);
    return restartCount;
  }
  if (last && facts.containerId !== undefined) return restartCount;
  throw new LogRefusedError(400, `${named} is waiting to start: ${waitingText(state.waiting?.reason)}`);
}

function waitingText(reason: string | undefined): string {
  if (reason === 'ErrImagePull') return "image can't be pulled";
  if (reason === 'ImagePullBackOff') return 'trying and failing to pull image';
  return reason ?? 'no logs yet';
}

function readOptions(query: URLSearchParams, now: number): ReadLogOptions {
  const tailLines = wholeNumber(query, 'tailLines');
  const limitBytes = wholeNumber(query, 'limitBytes');
  const since = sinceOf(query, now);
  return {
    follow: isTrue(query.get('follow')),
    timestamps: isTrue(query.get('timestamps')),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(since === undefined ? {} : { since }),
  };
}

/** (Upstream: kuberuntime/logs NewLogOptions; so many seconds that Go's Duration cannot hold them turn round.) */
function sinceOf(query: URLSearchParams, now: number): string | undefined {
  const seconds = query.get('sinceSeconds');
  if (seconds !== null) {
    const nanoseconds = BigInt.asIntN(64, BigInt(wholeNumber(query, 'sinceSeconds') ?? 0) * 1_000_000_000n);
    return timestampOf(now - Number(nanoseconds / 1_000_000n));
  }
  const text = query.get('sinceTime');
  if (!text) return undefined;
  const time = parseGoTime(text);
  if ('problem' in time) throw new LogRefusedError(400, time.problem);
  // The rest of the fraction decides between lines of one millisecond.
  const milliseconds = Math.floor(time.nanoseconds / 1e6);
  return timestampOf(time.secondMs + milliseconds, time.nanoseconds % 1e6);
}

function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = parseGoInteger(text);
  if (typeof value !== 'bigint') throw new LogRefusedError(400, value.problem);
  if (value < 0) throw new LogRefusedError(400, `${name} must be greater than or equal to 0, not ${value}`);
  return Number(value);
}

/** Go's ParseBool as conversion-gen uses it for query parameters: present and neither false nor 0. */
function isTrue(value: string | null): boolean {
  return value !== null && value.toLowerCase() !== 'false' && value !== '0';
}

function answerText(response: HttpResponse, code: number, text: string): void {
  response.head(code, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
