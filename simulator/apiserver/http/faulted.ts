/**
 * A request on a resource as faults see it, and as they change its course. With none injected it goes its way
 * untouched.
 */
import { beforeRequest, type FaultedRequest, losing, lostAnswer } from '../faults/requests.ts';
import type { ResourceCall } from './resource-call.ts';

type Run = (call: ResourceCall) => Promise<void>;

export function faulted(call: ResourceCall, verb: string, run: Run): Promise<void> {
  return call.backend.faults.isQuiet ? run(call) : disturbed(call, verb, run);
}

async function disturbed(call: ResourceCall, verb: string, run: Run): Promise<void> {
  const { backend, exchange } = call;
  const context = { backend, request: subjectOf(call, verb) };
  beforeRequest(context);
  const lost = lostAnswer(context);
  if (!lost) return run(call);
  return run({ ...call, exchange: { ...exchange, response: losing(exchange.response, lost.how) } });
}

/** The request as targets of faults name it. */
export function subjectOf(call: ResourceCall, verb: string): FaultedRequest {
  const { resource, subresource, namespace, name, request } = call;
  return {
    caller: request.headers['user-agent'] ?? '',
    inProcess: false,
    verb,
    resource,
    subresource,
    namespace,
    name,
  };
}
