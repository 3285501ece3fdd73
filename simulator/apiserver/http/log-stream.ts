/** Sends a pod's log as it comes: no faster than the client takes it, and no longer than the client stays. */

import type { LogOptions } from '../../../kubernetes/client.ts';
import { openPodLog } from '../pod-log.ts';
import { flagOf, integerOf, type Query, textOf } from './query.ts';
import type { ResourceCall } from './requests.ts';

export async function logCall(call: ResourceCall): Promise<void> {
  const { backend, namespace = '', name = '', request, exchange } = call;
  const { response } = exchange;
  const gone = new AbortController();
  const leave = () => gone.abort(request.signal.reason);
  request.signal.addEventListener('abort', leave, { once: true });
  const log = await openPodLog(backend, namespace, name, logOptions(call.query), gone.signal);
  if (!log) {
    response.head(204, { 'cache-control': 'no-cache, private' });
    response.end();
    return;
  }
  response.head(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  try {
    for await (const chunk of log) {
      if (request.signal.aborted) return;
      if (!response.write(chunk)) await response.drained();
    }
    response.end();
  } catch (error) {
    backend.world.log.debug('a log stream broke', { pod: name, error: String(error) });
    response.reset();
  } finally {
    request.signal.removeEventListener('abort', leave);
  }
}

function logOptions(query: Query): LogOptions {
  const options = {
    container: textOf(query, 'container'),
    follow: flagOf(query, 'follow'),
    previous: flagOf(query, 'previous'),
    timestamps: flagOf(query, 'timestamps'),
    tailLines: integerOf(query, 'tailLines'),
    limitBytes: integerOf(query, 'limitBytes'),
    sinceSeconds: integerOf(query, 'sinceSeconds'),
    sinceTime: textOf(query, 'sinceTime'),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as LogOptions;
}
