/** A schedule in words, for people who look at lists of schedules. */
import type { Field } from './fields.ts';
import { parseExpression } from './schedule.ts';
import { utc } from './zone.ts';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** So many times of day are spelled out; more are told as hours and minutes. */
const timesMaximum = 4;
const everyDay = 'every day';

/**
 * What the expression means: `every 5 minutes`, `at 09:00 from Monday to Friday (America/New_York)`. Takes what
 * `parseSchedule` takes and throws the same ScheduleError.
 */
export function describeSchedule(expression: string, timeZone?: string): string {
  const parsed = parseExpression(expression, timeZone);
  if (parsed.kind === 'every') return `every ${describeInterval(parsed.intervalMs)}, counted from the run before`;
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parsed.fields;
  const time = describeTime(minute, hour);
  if (time === 'never') return time;
  const days = describeDays(dayOfMonth, dayOfWeek);
  const words = [time, days === everyDay && time.startsWith('every') ? '' : days, describeMonths(month)];
  const zone = parsed.zone === utc ? '' : ` (${parsed.zone.name})`;
  return (
    words
      .filter((word) => word !== '')
      .join(' ')
      .replace(' of the month in ', ' of ') + zone
  );
}

function describeInterval(intervalMs: number): string {
  const seconds = intervalMs / 1000;
  const parts = [
    count(Math.floor(seconds / 3600), 'hour'),
    count(Math.floor(seconds / 60) % 60, 'minute'),
    count(seconds % 60, 'second'),
  ].filter((part) => !part.startsWith('0 '));
  return parts.length === 1 ? (parts[0] ?? '').replace(/^1 /, '') : parts.join(' ');
}

const count = (number: number, unit: string): string => `${number} ${unit}${number === 1 ? '' : 's'}`;

function valuesOf(field: Field): number[] {
  return field.matches.flatMap((matches, value) => (matches ? [value] : []));
}

function describeTime(minuteField: Field, hourField: Field): string {
  const [minutes, hours] = [valuesOf(minuteField), valuesOf(hourField)];
  if (minutes.length === 0 || hours.length === 0) return 'never';
  const hourStep = hours.length > 2 ? stepOf(hours, 24) : undefined;
  if (minutes.length * hours.length <= timesMaximum && hourStep === undefined) {
    return `at ${list(hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute))))}`;
  }
  const minuteStep = stepOf(minutes, 60);
  const everyHour = hours.length === 24;
  if (minutes.length === 1) {
    const past = minutes[0] === 0 ? '' : ` at minute ${minutes[0]}`;
    return `${describeHours(hours)}${past}`;
  }
  const inMinutes =
    minuteStep === undefined
      ? `at minutes ${list(runs(minutes, String))} of every hour`
      : `every ${minuteStep === 1 ? 'minute' : `${minuteStep} minutes`}`;
  return everyHour ? inMinutes : `${inMinutes} ${hourWindow(hours)}`;
}

function describeHours(hours: readonly number[]): string {
  const step = stepOf(hours, 24);
  if (step !== undefined) return step === 1 ? 'every hour' : `every ${step} hours`;
  return `every hour ${hourWindow(hours)}`;
}

const hourWindow = (hours: readonly number[]): string => `in the hours ${list(runs(hours, (hour) => clock(hour, 0)))}`;

/** The distance of values that are spread evenly over the whole cycle from 0 on. */
function stepOf(values: readonly number[], cycle: number): number | undefined {
  if (cycle % values.length !== 0) return undefined;
  const step = cycle / values.length;
  return values.every((value, index) => value === index * step) ? step : undefined;
}

function describeDays(dayOfMonth: Field, dayOfWeek: Field): string {
  const [inMonth, inWeek] = [valuesOf(dayOfMonth), valuesOf(dayOfWeek)];
  const [anyDay, anyWeekday] = [inMonth.length === 31, inWeek.length === 7];
  const days = describeDaysOfMonth(inMonth);
  const weekdayWords = describeWeekdays(inWeek);
  if (dayOfMonth.star || dayOfWeek.star) {
    if (anyDay && anyWeekday) return everyDay;
    if (anyDay) return weekdayWords;
    return anyWeekday ? days : `${days} if it is ${weekdayWords.replace(/^on /, '')}`;
  }
  // Without a star mark one of the two is enough, so that a full field makes it every day.
  return anyDay || anyWeekday ? everyDay : `${days} and ${weekdayWords}`;
}

function describeDaysOfMonth(values: readonly number[]): string {
  if (values.length === 0) return 'on no day of the month';
  const step = (values[1] ?? 0) - (values[0] ?? 0);
  const even = values.length > timesMaximum && step > 1 && values.every((value, index) => value === 1 + index * step);
  if (even) return `on every ${step}${step === 2 ? 'nd' : step === 3 ? 'rd' : 'th'} day of the month from day 1`;
  return `on day ${list(runs(values, String))} of the month`;
}

function describeWeekdays(values: readonly number[]): string {
  const nameOf = (value: number): string => weekdays[value] ?? '';
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined) return 'on no day of the week';
  if (values.length > 2 && last - first === values.length - 1) return `from ${nameOf(first)} to ${nameOf(last)}`;
  return `on ${list(values.map(nameOf))}`;
}

function describeMonths(field: Field): string {
  const values = valuesOf(field);
  if (values.length === 12) return '';
  if (values.length === 0) return 'in no month';
  return `in ${list(runs(values, (value) => months[value - 1] ?? ''))}`;
}

/** `1, 2, 3, 7` as `1 to 3`, `7`. */
function runs(values: readonly number[], nameOf: (value: number) => string): string[] {
  const found: { from: number; to: number }[] = [];
  for (const value of values) {
    const run = found.at(-1);
    if (run && value === run.to + 1) run.to = value;
    else found.push({ from: value, to: value });
  }
  return found.flatMap(({ from, to }) => {
    if (to - from < 2) return from === to ? [nameOf(from)] : [nameOf(from), nameOf(to)];
    return [`${nameOf(from)} to ${nameOf(to)}`];
  });
}

function list(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

const clock = (hour: number, minute: number): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
