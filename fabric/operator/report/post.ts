/** One post of a record to the gateway: `POST {gateway}/internal/tasks/{uid}`. */
import { deadlineSignal } from '../../../world/clock.ts';
import type { World } from '../../../world/world.ts';
import type { TaskRecord } from '../run/record.ts';

/** The gateway answered, but not with 2xx. */
export class ReportRefusedError extends Error {
  override readonly name = 'ReportRefusedError';
  readonly httpStatus: number;
  /** What the gateway asked to wait, ms. */
  readonly retryAfterMs: number | undefined;

  constructor(url: string, httpStatus: number, body: string, retryAfterMs: number | undefined) {
    super(`${url} answered ${httpStatus}: ${body.slice(0, 500)}`);
    this.httpStatus = httpStatus;
    this.retryAfterMs = retryAfterMs;
  }

  /** The record is at fault: asked again, the gateway would say the same. */
  get isFinal(): boolean {
    return this.httpStatus >= 400 && this.httpStatus < 500 && !passingStatuses.has(this.httpStatus);
  }
}

/**
 * Refusals that say nothing of the record: of a credential, of a gateway that is being started, for want of time, of
 * too many.
 */
const passingStatuses: ReadonlySet<number> = new Set([401, 403, 404, 408, 429]);

/**
 * Resolves when the gateway has the record. Rejects with ReportRefusedError, the network's error or a passed deadline.
 */
export async function postRecord(
  options: { readonly world: World; readonly gatewayUrl: string; readonly timeoutMs: number },
  record: TaskRecord,
  signal: AbortSignal,
): Promise<void> {
  const url = `${options.gatewayUrl}/internal/tasks/${encodeURIComponent(record.uid)}`;
  const deadline = deadlineSignal(options.world.clock, options.timeoutMs, `POST ${url}`, signal);
  try {
    const response = await options.world.network.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(record),
      signal: deadline.signal,
    });
    const body = await response.text();
    if (response.ok) return;
    throw new ReportRefusedError(url, response.status, body, retryAfterMs(response.headers.get('retry-after')));
  } finally {
    deadline.clear();
  }
}

/** Seconds only: a date would be judged by another clock. */
function retryAfterMs(header: string | null): number | undefined {
  if (header === null || !/^[0-9]{1,6}$/.test(header.trim())) return undefined;
  return Number(header) * 1000;
}
