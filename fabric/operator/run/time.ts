/** Times on the wire (RFC 3339) and in records (epoch ms). */

const zone = /(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Epoch ms of a time on the wire; undefined for none and for text that is no time. Annotations may hold anything: a
 * time without a zone is none, since it would be read in the machine's.
 */
export function millisOf(time: string | undefined): number | undefined {
  if (time === undefined || !zone.test(time)) return undefined;
  const millis = Date.parse(time);
  return Number.isNaN(millis) ? undefined : millis;
}

/** Whole seconds in UTC, as the API server writes times: `2026-01-01T00:05:00Z`. */
export function wireTime(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}
