/** Ages and durations as kubectl shows them: two or three significant figures. Models HumanDuration. */

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;
const dayHours = 24;
const yearDays = 365;

/**
 * Text of a duration in seconds; fractions are cut off. Slightly negative ones (clocks differ) are `0s`, two seconds
 * and more `<invalid>`.
 */
export function durationText(seconds: number): string {
  const whole = Math.trunc(seconds);
  if (whole < -1) return '<invalid>';
  if (whole < 0) return '0s';
  if (whole < 2 * minuteSeconds) return `${whole}s`;
  const minutes = Math.floor(whole / minuteSeconds);
  if (minutes < 10) return pair(minutes, 'm', whole % minuteSeconds, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(whole / hourSeconds);
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  return hours < 2 * dayHours ? `${hours}h` : dayText(hours);
}

function dayText(hours: number): string {
  const days = Math.floor(hours / dayHours);
  if (days < 8) return pair(days, 'd', hours % dayHours, 'h');
  if (days < 2 * yearDays) return `${days}d`;
  const years = Math.floor(days / yearDays);
  return years < 8 ? pair(years, 'y', days % yearDays, 'd') : `${years}y`;
}

/** The smaller unit is left out when there is none of it. */
function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;
}

/**
 * How long ago a time was, `nowMs` being epoch milliseconds; `<unknown>` without a time, `<invalid>` for what is no
 * time.
 */
export function sinceText(time: string | undefined | null, nowMs: number): string {
  if (!time) return '<unknown>';
  const at = Date.parse(time);
  return Number.isNaN(at) ? '<invalid>' : durationText((nowMs - at) / 1000);
}
