/** Instants as people read them: "3 hours ago", "in 20 minutes", "20 minutes". Pure. */
import dayjs from 'dayjs';
import relativeTime from 'dayjs/plugin/relativeTime.js';

dayjs.extend(relativeTime);

/** `value`: epoch ms or ISO 8601; undefined for anything else, and for 0. */
export function instantOf(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : value;
  return typeof at === 'number' && Number.isFinite(at) && at !== 0 ? at : undefined;
}

/** Seen from `now`, epoch ms. */
export function relative(value: unknown, now: number): string | undefined {
  const at = instantOf(value);
  return at === undefined ? undefined : dayjs(at).from(dayjs(now));
}

/** How long it took; undefined while it goes on. */
export function took(start: unknown, end: unknown): string | undefined {
  const [from, to] = [instantOf(start), instantOf(end)];
  return from === undefined || to === undefined ? undefined : dayjs(to).from(dayjs(from), true);
}
