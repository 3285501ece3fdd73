/** Every case of `cronNext`: what the real robfig/cron library answers. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSchedule, ScheduleError } from './schedule.ts';

interface Case {
  readonly id: string;
  readonly schedule: string;
  readonly timeZone: string | null;
  readonly from: string;
  readonly error: boolean;
  readonly errorKind?: string;
  readonly next?: readonly (string | null)[];
}

const path = new URL('../fixtures/kubernetes/tables.json', import.meta.url);
const { cronNext } = JSON.parse(readFileSync(path, 'utf8')) as { cronNext: Case[] };

function startsFrom(test: Case): (string | null)[] {
  const schedule = parseSchedule(test.schedule, test.timeZone ?? undefined);
  const starts: (string | null)[] = [];
  let at: Date | undefined = new Date(test.from);
  while (at && starts.length < (test.next?.length ?? 0)) {
    at = schedule.next(at);
    starts.push(at ? at.toISOString().replace('.000Z', 'Z') : null);
  }
  return starts;
}

describe('next starts are those of the real library', () => {
  it.each(cronNext.filter((test) => !test.error))('$id: $schedule in $timeZone', (test) => {
    expect(startsFrom(test)).toEqual(test.next);
  });
});

describe('refused is what the real library refuses', () => {
  it.each(cronNext.filter((test) => test.error))('$id: $schedule', (test) => {
    let refusal: unknown;
    try {
      parseSchedule(test.schedule, test.timeZone ?? undefined);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(ScheduleError);
    expect((refusal as ScheduleError).kind).toBe(test.errorKind);
  });
});
