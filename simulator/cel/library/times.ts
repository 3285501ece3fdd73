/** Parts of instants and durations. Source: cel-go cel/library.go (timezone library), common/types/duration.go. */
import { method, type Overload } from '../check/declarations.ts';
import { EvaluationError } from '../errors.ts';
import type { Duration, Timestamp } from '../values/value.ts';

const SECOND = 1_000_000_000n;
const DAY_MS = 86_400_000;

/** The date of the instant as it is written in the zone, as a date in UTC. */
function localDate({ nanoseconds }: Timestamp, zone: string): Date {
  const ms = Number((nanoseconds - (((nanoseconds % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n);
  return new Date(ms + offsetMs(ms, zone));
}

function offsetMs(ms: number, zone: string): number {
  if (zone === '' || zone === 'UTC') return 0;
  const fixed = /^([+-]?)(\d{1,2}):(\d{2})$/.exec(zone);
  if (fixed !== null) {
    const minutes = Number(fixed[2]) * 60 + Number(fixed[3]);
    return minutes * (fixed[1] === '-' ? -60_000 : 60_000);
  }
  return zoneOffsetMs(ms, zone);
}

function zoneOffsetMs(ms: number, zone: string): number {
  const options = { timeZone: zone, timeZoneName: 'longOffset' } as const;
  try {
    const parts = new Intl.DateTimeFormat('en-US', options).formatToParts(ms);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
      /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name) ?? [];
    const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  } catch {
    throw new EvaluationError(`unknown time zone ${zone}`);
  }
}

function dayOfYear(date: Date): number {
  const first = new Date(date);
  first.setUTCMonth(0, 1);
  return Math.floor((date.getTime() - first.getTime()) / DAY_MS);
}

const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDayOfYear: dayOfYear,
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDate: (date) => date.getUTCDate(),
  getDayOfWeek: (date) => date.getUTCDay(),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const durationParts: Readonly<Record<string, (nanoseconds: bigint) => bigint>> = {
  getHours: (nanoseconds) => nanoseconds / (3600n * SECOND),
  getMinutes: (nanoseconds) => nanoseconds / (60n * SECOND),
  getSeconds: (nanoseconds) => nanoseconds / SECOND,
  // All of them, not those of the last second: so does a real server.
  getMilliseconds: (nanoseconds) => nanoseconds / 1_000_000n,
};

export const times: readonly Overload[] = [
  ...Object.entries(dateParts).flatMap(([name, part]) => [
    method(name, 'timestamp -> int', ([time]) => BigInt(part(localDate(time as Timestamp, '')))),
    method(name, 'timestamp, string -> int', ([time, zone]) =>
      BigInt(part(localDate(time as Timestamp, zone as string))),
    ),
  ]),
  ...Object.entries(durationParts).map(([name, part]) =>
    method(name, 'duration -> int', ([value]) => part((value as Duration).nanoseconds)),
  ),
];
