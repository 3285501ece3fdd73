/** Tells an ended activation to the URL that its caller gave (contract 5.4). */
import { askOutward, OutwardError } from '../outward/ask.ts';
import type { Gateway } from '../settings.ts';
import type { Activation } from './activation.ts';
import { shownActivation } from './shown.ts';

/** Waits between tries; after the last one it is given up. */
const waitsMs = [1_000, 5_000, 30_000, 120_000];

/** Resolves when it was taken or given up. Rejects with the signal's reason. */
export async function deliverCallback(gateway: Gateway, activation: Activation, signal: AbortSignal): Promise<void> {
  const { callbackUrl, activationId } = activation;
  if (callbackUrl === undefined) return;
  const body = JSON.stringify(shownActivation(activation, false));
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  for (const waitMs of [...waitsMs, undefined]) {
    const fault = await tried(gateway, { method: 'POST', url: callbackUrl, headers, body }, signal);
    if (fault === undefined) return;
    gateway.world.log.warn('a callback was not taken', { activationId, url: callbackUrl, fault });
    if (waitMs === undefined) return;
    await gateway.world.clock.sleep(waitMs, signal);
  }
}

async function tried(
  gateway: Gateway,
  request: Parameters<typeof askOutward>[1],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { status } = await askOutward(gateway, request, signal);
    // A refusal of the receiver's is an answer: asked again it would say the same.
    return status >= 500 || status === 429 ? `it answered ${status}` : undefined;
  } catch (error) {
    if (error instanceof OutwardError) return error.message;
    throw error;
  }
}
