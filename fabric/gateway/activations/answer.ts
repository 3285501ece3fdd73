/**
 * The answer to an invocation. A synchronous one waits for the end; a client that hears nothing for a second goes away,
 * so that spaces are sent before the document (contract 2.2).
 */
import { answered, type HttpContext, sendJson } from '../../http/index.ts';
import type { RunningGateway } from '../running-gateway.ts';
import type { Activation } from './activation.ts';
import { isOver } from './flow.ts';
import { shownActivation } from './shown.ts';

const paddingMs = 400;
/** The end may be noted by another gateway. */
const pollMs = 1_000;

export async function answerInvocation(
  context: HttpContext,
  gateway: RunningGateway,
  activation: Activation,
): Promise<Response> {
  const { activationId, sync } = activation;
  if (!sync) return sendJson(context, { success: true, activationId });
  const { request, response } = context.env;
  const waiting = new AbortController();
  const { signal } = waiting;
  const stop = () => waiting.abort();
  request.signal.addEventListener('abort', stop, { once: true });
  try {
    const end = endOf(gateway, activationId, signal);
    // Whoever has gone away waits for it no more.
    end.catch(() => undefined);
    let ended = await Promise.race([end, gateway.pacingClock.sleep(paddingMs, signal).catch(() => undefined)]);
    if (ended) return sendJson(context, shownActivation(ended, false));
    response.head(200, { 'content-type': 'application/json' });
    while (!ended && !signal.aborted) {
      response.write(' ');
      ended = await Promise.race([end, gateway.pacingClock.sleep(paddingMs, signal).catch(() => undefined)]);
    }
    response.end(ended ? JSON.stringify(shownActivation(ended, false)) : undefined);
  } catch (error) {
    if (!response.headWritten) throw error;
    const message = error instanceof Error ? error.message : String(error);
    response.end(JSON.stringify({ success: false, activationId, message }));
  } finally {
    request.signal.removeEventListener('abort', stop);
    waiting.abort();
  }
  return answered;
}

/** The activation when it has ended; undefined when the signal is aborted. */
async function endOf(gateway: RunningGateway, id: string, signal: AbortSignal): Promise<Activation | undefined> {
  while (!signal.aborted) {
    const changed = gateway.activations.changed(id, pollMs, signal);
    const activation = await gateway.activations.get(id);
    if (activation && isOver(activation.status)) {
      changed.cancel();
      return activation;
    }
    await changed.done;
  }
  return undefined;
}
