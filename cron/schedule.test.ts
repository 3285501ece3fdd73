import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule, ScheduleError, type ScheduleErrorKind } from './schedule.ts';
import { isZone } from './zone.ts';

const minuteMs = 60_000;
const from = Date.UTC(2024, 0, 1);
const until = Date.UTC(2027, 0, 1);
const instant = fc.integer({ min: from, max: until });

interface FieldCase {
  readonly text: string;
  readonly values: readonly number[];
  readonly star: boolean;
}

/** A field as text together with what it means, made without the parser. */
function field(minimum: number, maximum: number): fc.Arbitrary<FieldCase> {
  const all = Array.from({ length: maximum - minimum + 1 }, (_, index) => minimum + index);
  const value = fc.integer({ min: minimum, max: maximum });
  const step = fc.integer({ min: 1, max: maximum + 2 });
  const every = (start: number, end: number, by: number) =>
    all.filter((candidate) => candidate >= start && candidate <= end && (candidate - start) % by === 0);
  const part = fc.oneof(
    fc.constantFrom('*', '?').map((text) => ({ text, values: all, star: true })),
    step.map((by) => ({ text: `*/${by}`, values: every(minimum, maximum, by), star: by === 1 })),
    value.map((only) => ({ text: String(only), values: [only], star: false })),
    fc
      .tuple(value, step)
      .map(([start, by]) => ({ text: `${start}/${by}`, values: every(start, maximum, by), star: false })),
    fc.tuple(value, value, step).map(([one, other, by]) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)];
      return { text: `${start}-${end}/${by}`, values: every(start, end, by), star: false };
    }),
  );
  return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => ({
    text: parts.map(({ text }) => text).join(','),
    values: parts.flatMap(({ values }) => values),
    star: parts.some(({ star }) => star),
  }));
}

const expression = fc.tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6));
type ExpressionCase = [FieldCase, FieldCase, FieldCase, FieldCase, FieldCase];

const textOf = (fields: ExpressionCase): string => fields.map(({ text }) => text).join(' ');

/** The meaning of the five fields, minute by minute, with nothing of the search. */
function matches([minute, hour, dayOfMonth, month, dayOfWeek]: ExpressionCase, epochMs: number): boolean {
  const at = new Date(epochMs);
  const [inMonth, inWeek] = [dayOfMonth.values.includes(at.getUTCDate()), dayOfWeek.values.includes(at.getUTCDay())];
  const day = dayOfMonth.star || dayOfWeek.star ? inMonth && inWeek : inMonth || inWeek;
  const inDay = minute.values.includes(at.getUTCMinutes()) && hour.values.includes(at.getUTCHours());
  return day && inDay && month.values.includes(at.getUTCMonth() + 1);
}

describe('next', () => {
  it('is strictly later, on a whole minute, and matches the fields', () => {
    fc.assert(
      fc.property(expression, instant, (fields, after) => {
        const next = parseSchedule(textOf(fields)).nextAfter(after);
        if (next === undefined) return;
        expect(next).toBeGreaterThan(after);
        expect(next % minuteMs).toBe(0);
        expect(matches(fields, next)).toBe(true);
      }),
    );
  });

  it('skips no minute that matches, by a walk over every minute of four days', () => {
    fc.assert(
      fc.property(expression, instant, (fields, after) => {
        const walkEnd = after + 4 * 24 * 60 * minuteMs;
        const next = parseSchedule(textOf(fields)).nextAfter(after) ?? Number.POSITIVE_INFINITY;
        let at = (Math.floor(after / minuteMs) + 1) * minuteMs;
        while (at < walkEnd && !matches(fields, at)) at += minuteMs;
        expect(Math.min(next, walkEnd)).toBe(Math.min(at, walkEnd));
      }),
    );
  });

  it('does not depend on where within the second it is asked, nor between two starts', () => {
    fc.assert(
      fc.property(expression, instant, fc.double({ min: 0, max: 1, noNaN: true }), (fields, after, part) => {
        const schedule = parseSchedule(textOf(fields));
        const next = schedule.nextAfter(after);
        if (next === undefined) return;
        const between = after + Math.floor((next - 1 - after) * part);
        expect(schedule.nextAfter(between)).toBe(next);
      }),
    );
  });

  it('in a zone without shifts is the start in UTC, moved by the offset', () => {
    fc.assert(
      fc.property(expression, instant, (fields, after) => {
        const offsetMs = 5.75 * 3_600_000;
        const inUtc = parseSchedule(textOf(fields)).nextAfter(after + offsetMs);
        const inZone = parseSchedule(textOf(fields), 'Asia/Kathmandu').nextAfter(after);
        expect(inZone).toBe(inUtc === undefined ? undefined : inUtc - offsetMs);
      }),
    );
  });

  it.each(['America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Africa/Casablanca', 'Antarctica/Troll'])(
    'is strictly later in %s too, whatever the shifts do',
    (zone) => {
      fc.assert(
        fc.property(expression, instant, (fields, after) => {
          const next = parseSchedule(textOf(fields), zone).nextAfter(after);
          expect(next ?? Number.POSITIVE_INFINITY).toBeGreaterThan(after);
        }),
      );
    },
  );

  it('goes on over a day that a zone skipped, where the library would search for ever', () => {
    const schedule = parseSchedule('0 12 31 12 *', 'Pacific/Apia');
    expect(schedule.next(new Date('2011-12-29T12:00:00Z'))?.toISOString()).toBe('2011-12-30T22:00:00.000Z');
  });

  it('finds nothing, at once, for a field that never matches', () => {
    expect(parseSchedule(', * * * *').next(new Date(from))).toBeUndefined();
    expect(parseSchedule('* , * * *').next(new Date(from))).toBeUndefined();
  });
});

describe('refusals carry the words of the library', () => {
  it.each<[string, ScheduleErrorKind, string]>([
    ['', 'empty', 'empty spec string'],
    ['a b c', 'field-count', 'expected exactly 5 fields, found 3: [a b c]'],
    ['60 * * * *', 'range', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'range', 'beginning of range (0) below minimum (1): 0'],
    ['* * * * fri-mon', 'range', 'beginning of range (5) beyond end of range (1): fri-mon'],
    ['x * * * *', 'number', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['-1 * * * *', 'number', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
    [
      '99999999999999999999 * * * *',
      'number',
      'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
    ['*/-5 * * * *', 'number', 'negative number (-5) not allowed: -5'],
    ['*/0 * * * *', 'step', 'step of range should be a positive number: */0'],
    ['1-2-x * * * *', 'syntax', 'too many hyphens: 1-2-x'],
    ['1/2/3 * * * *', 'syntax', 'too many slashes: 1/2/3'],
    ['@reboot', 'descriptor', 'unrecognized descriptor: @reboot'],
    ['@every 5', 'duration', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
    ['@every 1d', 'duration', 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'],
    ['@every ', 'duration', 'failed to parse duration @every : time: invalid duration ""'],
    ['TZ=Mars/Base * * * * *', 'zone', 'provided bad location Mars/Base: unknown time zone Mars/Base'],
    ['TZ=../UTC * * * * *', 'zone', 'provided bad location ../UTC: time: invalid location name'],
    ['TZ=0', 'unterminated-prefix', 'invalid schedule format: runtime error: slice bounds out of range [:-1]'],
  ])('%j', (text, kind, message) => {
    expect(() => parseSchedule(text)).toThrow(new ScheduleError(kind, message));
    try {
      parseSchedule(text);
    } catch (error) {
      expect((error as ScheduleError).kind).toBe(kind);
    }
  });

  it('throws nothing but ScheduleError, whatever the text', () => {
    const word = fc.string({ unit: fc.constantFrom(...'0159*?/-,@ TZ=:.Lmonjaevryhs\t"\\'), maxLength: 24 });
    fc.assert(
      fc.property(word, (text) => {
        try {
          parseSchedule(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ScheduleError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('time zone names', () => {
  it.each(['UTC', 'America/New_York', 'US/Eastern', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT-14', 'EST5EDT', ''])(
    '%j loads',
    (name) => expect(isZone(name)).toBe(true),
  );

  it.each(['america/new_york', 'AMERICA/NEW_YORK', 'utc', '+01:00', 'GMT+1', 'Nowhere/Land', '../UTC', '/UTC', ' UTC'])(
    '%j does not',
    (name) => expect(isZone(name)).toBe(false),
  );

  it('of the expression wins over the one beside it', () => {
    const noon = parseSchedule('TZ=Asia/Tokyo 0 12 * * *', 'America/New_York');
    expect(noon.next(new Date(from))?.toISOString()).toBe('2024-01-01T03:00:00.000Z');
  });

  it('beside the expression trims it, as the prefix that Kubernetes writes does', () => {
    expect(() => parseSchedule(' @daily')).toThrow(ScheduleError);
    expect(parseSchedule(' @daily', 'UTC').next(new Date(from))?.toISOString()).toBe('2024-01-02T00:00:00.000Z');
  });
});
