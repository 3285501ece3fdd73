/**
 * RFC 3339 times as Go reads them, and its complaints word by word. (Upstream: time/format.go, parse;
 * time/format_rfc3339.go.)
 */

export interface GoTime {
  /** Epoch ms, in whole seconds. */
  readonly secondMs: number;
  readonly nanoseconds: number;
}

const defaultLayout = '2006-01-02T15:04:05Z07:00';

/** What each part of the layout takes, and the largest and least number that it may stand for. */
const parts: readonly (readonly [pattern: RegExp, name: string, unit?: string, least?: number, most?: number])[] = [
  [/^\d{4}/, '2006'],
  [/^-/, '-'],
  [/^\d{2}/, '01', 'month', 1, 12],
  [/^-/, '-'],
  [/^\d{2}/, '02'],
  [/^T/, 'T'],
  [/^\d{1,2}/, '15', 'hour', 0, 23],
  [/^:/, ':'],
  [/^\d{2}/, '04', 'minute', 0, 59],
  [/^:/, ':'],
  [/^\d{2}/, '05', 'second', 0, 59],
  [/^(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})/, 'Z07:00'],
];

/** The time, or why it is none. `layout` is what Go names in its complaint. */
export function parseGoTime(text: string, layout = defaultLayout): GoTime | { readonly problem: string } {
  const found: string[] = [];
  let rest = text;
  for (const [pattern, name, unit, least = 0, most = 0] of parts) {
    const [taken] = pattern.exec(rest) ?? [];
    if (taken === undefined) {
      // A fraction is taken with the seconds, before the zone is looked for.
      const left = name === 'Z07:00' ? rest.replace(/^[.,]\d+/, '') : rest;
      return { problem: `parsing time ${quoted(text)} as "${layout}": cannot parse ${quoted(left)} as "${name}"` };
    }
    if (unit !== undefined && (Number(taken) < least || Number(taken) > most)) return outOfRange(text, unit);
    found.push(taken);
    rest = rest.slice(taken.length);
  }
  const [year = '', , month = '', , day = '', , hour = '', , minute = '', , second = '', end = ''] = found;
  const [, fraction = '', zone = ''] = /^(?:[.,](\d+))?(.*)$/.exec(end) ?? [];
  const [zoneHours = 0, zoneMinutes = 0] = zone === 'Z' ? [] : zone.slice(1).split(':').map(Number);
  if (zoneHours > 24) return outOfRange(text, 'time zone offset hour');
  if (zoneMinutes > 60) return outOfRange(text, 'time zone offset minute');
  if (rest !== '') return { problem: `parsing time ${quoted(text)}: extra text: ${quoted(rest)}` };
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return outOfRange(text, 'day');
  const offsetMs = (zone.startsWith('-') ? -1 : 1) * (zoneHours * 60 + zoneMinutes) * 60_000;
  const local = Date.parse(`${year}-${month}-${day}T${hour.padStart(2, '0')}:${minute}:${second}Z`);
  return { secondMs: local - offsetMs, nanoseconds: Number(fraction.slice(0, 9).padEnd(9, '0')) };
}

function outOfRange(text: string, unit: string): { readonly problem: string } {
  return { problem: `parsing time ${quoted(text)}: ${unit} out of range` };
}

function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** As the package time quotes: what is not plain ASCII byte by byte. */
function quoted(text: string): string {
  const shown = [...Buffer.from(text)].map((byte) => {
    if (byte < 0x20 || byte >= 0x80) return `\\x${byte.toString(16).padStart(2, '0')}`;
    const character = String.fromCharCode(byte);
    return character === '"' || character === '\\' ? `\\${character}` : character;
  });
  return `"${shown.join('')}"`;
}
