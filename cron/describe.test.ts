import { describe, expect, it } from 'vitest';
import { describeSchedule } from './describe.ts';
import { ScheduleError } from './schedule.ts';

describe('a schedule in words', () => {
  it.each([
    ['* * * * *', 'every minute'],
    ['*/5 * * * *', 'every 5 minutes'],
    ['0 * * * *', 'every hour'],
    ['30 * * * *', 'every hour at minute 30'],
    ['0 */6 * * *', 'every 6 hours'],
    ['0 9 * * *', 'at 09:00 every day'],
    ['0 9 * * 1-5', 'at 09:00 from Monday to Friday'],
    ['30 8,17 * * mon', 'at 08:30 and 17:30 on Monday'],
    ['*/15 9-17 * * 1-5', 'every 15 minutes in the hours 09:00 to 17:00 from Monday to Friday'],
    ['5,10 * * * *', 'at minutes 5 and 10 of every hour every day'],
    ['@yearly', 'at 00:00 on day 1 of January'],
    ['0 0 1 1,7 *', 'at 00:00 on day 1 of January and July'],
    ['@monthly', 'at 00:00 on day 1 of the month'],
    ['@weekly', 'at 00:00 on Sunday'],
    ['@every 90m', 'every 1 hour 30 minutes, counted from the run before'],
    ['@every 1h', 'every hour, counted from the run before'],
    [', * * * *', 'never'],
  ])('%s is "%s"', (expression, words) => {
    expect(describeSchedule(expression)).toBe(words);
  });

  it('tells that one of day and weekday is enough when neither has the star mark', () => {
    expect(describeSchedule('0 0 13 * 5')).toBe('at 00:00 on day 13 of the month and on Friday');
    expect(describeSchedule('0 0 */2 * 1')).toBe('at 00:00 on every 2nd day of the month from day 1 and on Monday');
    expect(describeSchedule('0 0 1-31 * 1')).toBe('at 00:00 every day');
  });

  it('tells that both must match when the list of days has a star', () => {
    expect(describeSchedule('0 0 *,15 * 3')).toBe('at 00:00 on Wednesday');
  });

  it('names the time zone unless it is UTC', () => {
    expect(describeSchedule('0 9 * * *', 'Asia/Tokyo')).toBe('at 09:00 every day (Asia/Tokyo)');
    expect(describeSchedule('TZ=Europe/Berlin @daily')).toBe('at 00:00 every day (Europe/Berlin)');
    expect(describeSchedule('0 9 * * *', 'UTC')).toBe('at 09:00 every day');
  });

  it('refuses what the parser refuses', () => {
    expect(() => describeSchedule('0 9 * *')).toThrow(ScheduleError);
  });
});
