/**
 * The next start of a five-field schedule: robfig/cron's search, step by step, on Go's rules of time, because where it
 * is odd (gaps, repeated hours, shifts of half an hour) the steps themselves decide (semantics 2.3). All instants are
 * epoch ms.
 */
import type { Field } from './fields.ts';
import type { Zone } from './zone.ts';

export interface Fields {
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const yearsAhead = 5;

/** The first start strictly after the instant, or undefined if there is none up to the fifth year ahead. */
export function nextStart(fields: Fields, zone: Zone, afterMs: number): number | undefined {
  // A field of commas only: the library walks five years of minutes to find nothing.
  if (!fields.minute.matches.includes(true) || !fields.hour.matches.includes(true)) return undefined;
  const search = new Search(fields, zone, (Math.floor(afterMs / secondMs) + 1) * secondMs);
  return search.run();
}

/** The moving point of one search. A step to a later value of a field zeroes the lower fields, once. */
class Search {
  readonly #fields: Fields;
  readonly #zone: Zone;
  /** Set once a field had to be moved on: from then on everything below it is at its start. */
  #moved = false;
  #at: number;
  /** Local time as if it were UTC; kept beside `#at`. */
  #local: number;

  constructor(fields: Fields, zone: Zone, startMs: number) {
    this.#fields = fields;
    this.#zone = zone;
    this.#at = startMs;
    this.#local = startMs + zone.offsetMsAt(startMs);
  }

  run(): number | undefined {
    const lastYear = yearOf(this.#local) + yearsAhead;
    while (yearOf(this.#local) <= lastYear) {
      // Each returns false when it has wrapped around, and what is above has to be looked at again.
      if (this.#findMonth() && this.#findDay() && this.#findHour() && this.#findMinute() && this.#findSecond()) {
        return this.#at;
      }
    }
    return undefined;
  }

  #findMonth(): boolean {
    const { matches } = this.#fields.month;
    for (;;) {
      const { year, month } = calendarDay(this.#local);
      if (matches[month]) return true;
      if (!this.#moved) this.#goToLocal(startOfDay(year, month, 1));
      this.#moved = true;
      this.#goToLocal(addMonth(this.#local));
      if (calendarDay(this.#local).month === 1) return false;
    }
  }

  #findDay(): boolean {
    for (;;) {
      if (this.#dayMatches()) return true;
      if (!this.#moved) this.#goToLocal(Math.floor(this.#local / dayMs) * dayMs);
      this.#moved = true;
      this.#goToNextDay();
      // A midnight that does not exist comes out an hour off.
      const hour = hourOf(this.#local);
      if (hour > 12) this.#goTo(this.#at + (24 - hour) * hourMs);
      else if (hour !== 0) this.#goTo(this.#at - hour * hourMs);
      if (calendarDay(this.#local).day === 1) return false;
    }
  }

  #dayMatches(): boolean {
    const { dayOfMonth, dayOfWeek } = this.#fields;
    const inMonth = dayOfMonth.matches[calendarDay(this.#local).day] === true;
    const inWeek = dayOfWeek.matches[weekdayOf(this.#local)] === true;
    return dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek;
  }

  /** A zone can skip a whole day (Apia, 30 December 2011); the library then stays where it is for ever, we go on. */
  #goToNextDay(): void {
    const before = this.#at;
    const local = this.#local;
    this.#goToLocal(local + dayMs);
    if (this.#at <= before) this.#goToLocal(local + 2 * dayMs);
  }

  #findHour(): boolean {
    const { matches } = this.#fields.hour;
    while (!matches[hourOf(this.#local)]) {
      if (!this.#moved) this.#goToLocal(Math.floor(this.#local / hourMs) * hourMs);
      this.#moved = true;
      this.#goTo(this.#at + hourMs);
      if (hourOf(this.#local) === 0) return false;
    }
    return true;
  }

  #findMinute(): boolean {
    const { matches } = this.#fields.minute;
    while (!matches[minuteOf(this.#local)]) {
      if (!this.#moved) this.#goTo(Math.floor(this.#at / minuteMs) * minuteMs);
      this.#moved = true;
      this.#goTo(this.#at + minuteMs);
      if (minuteOf(this.#local) === 0) return false;
    }
    return true;
  }

  #findSecond(): boolean {
    const second = remainder(this.#local, minuteMs) / secondMs;
    if (second === 0) return true;
    this.#moved = true;
    this.#goTo(this.#at + (60 - second) * secondMs);
    return false;
  }

  #goTo(epochMs: number): void {
    this.#at = epochMs;
    this.#local = epochMs + this.#zone.offsetMsAt(epochMs);
  }

  /** Go's `time.Date`: in a gap or a repeated hour the answer is right by one of the two offsets. */
  #goToLocal(localMs: number): void {
    const first = this.#zone.offsetMsAt(localMs);
    this.#goTo(localMs - this.#zone.offsetMsAt(localMs - first));
  }
}

interface CalendarDay {
  readonly number: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** The day asked for last: searches look at the same day again and again. */
let lastDay: CalendarDay = { number: 0, year: 1970, month: 1, day: 1 };

function calendarDay(localMs: number): CalendarDay {
  const number = Math.floor(localMs / dayMs);
  if (number !== lastDay.number) {
    const date = new Date(number * dayMs);
    lastDay = { number, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }
  return lastDay;
}

/** `Date.UTC` takes years below 100 for those of the last century. */
function startOfDay(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

/** A month later in the calendar; a day past that month's end runs over, as in Go. */
function addMonth(localMs: number): number {
  const { year, month, day } = calendarDay(localMs);
  return startOfDay(year, month + 1, day) + remainder(localMs, dayMs);
}

const remainder = (value: number, unit: number): number => value - Math.floor(value / unit) * unit;
const yearOf = (localMs: number): number => calendarDay(localMs).year;
const hourOf = (localMs: number): number => Math.floor(remainder(localMs, dayMs) / hourMs);
const minuteOf = (localMs: number): number => Math.floor(remainder(localMs, hourMs) / minuteMs);
/** 1 January 1970 was a Thursday. */
const weekdayOf = (localMs: number): number => remainder(Math.floor(localMs / dayMs) + 4, 7);
