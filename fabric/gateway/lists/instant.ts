/**
 * Times as clients of the gateway write them: epoch milliseconds, or ISO 8601. A time of day names its zone; a day or a
 * month alone begins at midnight UTC. The machine's own zone is never read.
 */

const day = /^\d{4}-\d{2}(?:-\d{2})?$/;
const timeOfDay = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What a refusal says of a text that is none of these. */
export const instantForms = 'an ISO 8601 time with its zone (2026-01-01T00:00:00Z), a day, or epoch milliseconds';

/** Epoch ms; undefined for what is no such time, the 30th of February included. */
export function instantMs(text: string): number | undefined {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!day.test(text) && !timeOfDay.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) || !isInCalendar(text) ? undefined : ms;
}

/** Whether text is meant as a time: it begins as one. */
export function looksLikeTime(text: string): boolean {
  return /^\d{4}-\d{2}/.test(text);
}

/** Date.parse takes the 31st of April for the 1st of May. */
function isInCalendar(text: string): boolean {
  const written = text.slice(0, 10);
  return new Date(Date.parse(written)).toISOString().startsWith(written);
}
