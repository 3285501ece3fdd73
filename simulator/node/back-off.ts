/**
 * The kubelet's back-off for crashed containers and failed pulls (semantics 4.3; upstream client-go
 * util/flowcontrol.Backoff): 10 s doubled to 300 s, forgotten when more than 10 minutes lie between the last step and
 * the event.
 */
export interface BackOff {
  readonly delayMs: number;
  /** When the last step was taken, epoch ms. */
  readonly updatedAt: number;
}

const firstMs = 10_000;
const maximumMs = 300_000;
const forgottenAfterMs = 2 * maximumMs;

/** Until when an event (a crash) at `eventAt` has to wait; undefined if it need not. */
export function waitsUntil(backOff: BackOff | undefined, eventAt: number): number | undefined {
  if (!backOff || eventAt - backOff.updatedAt > forgottenAfterMs) return undefined;
  return eventAt + backOff.delayMs;
}

/** The back-off after the next step, taken at `now` because of an event at `eventAt`. */
export function nextBackOff(backOff: BackOff | undefined, eventAt: number, now: number): BackOff {
  const fresh = !backOff || eventAt - backOff.updatedAt > forgottenAfterMs;
  return { delayMs: fresh ? firstMs : Math.min(backOff.delayMs * 2, maximumMs), updatedAt: now };
}

/** Go's text of a duration of whole seconds: `40s`, `1m20s`, `5m0s`. */
export function durationText(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
