/** Sends a pod's log as it comes: no faster than the client takes it, and no longer than the client stays. */

import { openPodLog } from '../operations/pod-log.ts';
import { logOptionsOf } from './log-options.ts';
import type { ResourceCall } from './resource-call.ts';

export async function logCall(call: ResourceCall): Promise<void> {
  const { backend, namespace = '', name = '', request, exchange } = call;
  const { response } = exchange;
  const gone = new AbortController();
  const leave = () => gone.abort(request.signal.reason);
  request.signal.addEventListener('abort', leave, { once: true });
  const log = await openPodLog(backend, namespace, name, logOptionsOf(call.query, name), gone.signal);
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
