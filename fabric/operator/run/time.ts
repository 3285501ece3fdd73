/** Times on the wire (RFC 3339) and in records (epoch ms). */

/** Epoch ms of a time on the wire; undefined for none and for text that is no time. */
export function millisOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const millis = Date.parse(time);
  return Number.isNaN(millis) ? undefined : millis;
}

/** Whole seconds in UTC, as the API server writes times: `2026-01-01T00:05:00Z`. */
export function wireTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
