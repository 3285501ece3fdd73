/**
 * Asks what stands outside, at a URL that a client named: never with the gateway's credential, never past a redirect.
 */
import { deadlineSignal } from '../../../world/clock.ts';
import { boundedText, fetchFault } from '../fetched.ts';
import type { Gateway } from '../settings.ts';
import { isExcepted, outwardFault } from './guard.ts';

export const outwardDeadlineMs = 30_000;
/** Larger answers are not read to their end. */
const answerBytesMaximum = 8 * 1024 * 1024;

export interface OutwardRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface OutwardAnswer {
  readonly status: number;
  readonly text: string;
}

/** Why it was not asked, or did not answer. */
export class OutwardError extends Error {
  override readonly name = 'OutwardError';
}

/** Rejects with an OutwardError, or with the signal's reason. */
export async function askOutward(
  gateway: Gateway,
  { method, url, headers, body }: OutwardRequest,
  signal: AbortSignal,
): Promise<OutwardAnswer> {
  const fault = outwardFault(url, gateway.allowedOutward);
  if (fault !== undefined) throw new OutwardError(fault);
  const { world } = gateway;
  const deadline = deadlineSignal(world.clock, outwardDeadlineMs, `an answer of ${new URL(url).host}`, signal);
  const guard = isExcepted(url, gateway.allowedOutward) ? {} : { dispatcher: gateway.outsideOnly };
  try {
    const answer = await gateway.outward.fetch(url, {
      ...{ method, headers, redirect: 'manual', signal: deadline.signal, ...guard },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, text: await boundedText(answer.body, answerBytesMaximum) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new OutwardError(`${method} ${url}: ${fetchFault(error)}`);
  } finally {
    deadline.clear();
  }
}
