/**
 * Time zones: which names load, and the offset from UTC at an instant. The rules are those of the language runtime
 * (`Intl`), asked once for each week and zone; between two weeks of one offset no change is looked for.
 */
import { zoneNames } from './zone-names.ts';

const weekMs = 7 * 24 * 3_600_000;

export interface Zone {
  /** As it was asked for; empty for UTC by an empty name. */
  readonly name: string;
  /** What to add to UTC for the local time, ms. */
  offsetMsAt(epochMs: number): number;
}

export const utc: Zone = { name: 'UTC', offsetMsAt: () => 0 };

/** Go's `time.LoadLocation` refused a name. The message is Go's. */
export class UnknownZoneError extends Error {
  override readonly name = 'UnknownZoneError';
  readonly zoneName: string;

  constructor(zoneName: string, message: string) {
    super(message);
    this.zoneName = zoneName;
  }
}

const loaded = new Map<string, Zone>();

/**
 * The zone of that name, as Go's `time.LoadLocation` takes names: case-sensitive, empty is UTC, `Local` is the local
 * zone of the process (UTC on a control plane). Throws UnknownZoneError.
 */
export function loadZone(name: string): Zone {
  if (name === '' || name === 'UTC' || name === 'Local') return utc;
  const known = loaded.get(name);
  if (known) return known;
  if (/(^|[/\\])\.\.($|[/\\])/.test(name) || /^[/\\]/.test(name)) {
    throw new UnknownZoneError(name, 'time: invalid location name');
  }
  const formatter = zoneNames.has(name) || isNewZone(name) ? offsetFormatter(name) : undefined;
  if (!formatter) throw new UnknownZoneError(name, `unknown time zone ${name}`);
  const zone = new IntlZone(name, formatter);
  loaded.set(name, zone);
  return zone;
}

/** True if `loadZone` takes the name. */
export function isZone(name: string): boolean {
  try {
    loadZone(name);
    return true;
  } catch {
    return false;
  }
}

let supported: ReadonlySet<string> | undefined;

/** A zone younger than our list of names. */
function isNewZone(name: string): boolean {
  supported ??= new Set(Intl.supportedValuesOf('timeZone'));
  return supported.has(name);
}

function offsetFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' });
  } catch {
    return undefined;
  }
}

/** A stretch of time, [start, end), within which the offset is the same. */
interface Period {
  readonly start: number;
  readonly end: number;
  readonly offsetMs: number;
}

const nowhere: Period = { start: Number.POSITIVE_INFINITY, end: Number.NEGATIVE_INFINITY, offsetMs: 0 };

class IntlZone implements Zone {
  readonly name: string;
  readonly #formatter: Intl.DateTimeFormat;
  readonly #weeks = new Map<number, readonly Period[]>();
  #last = nowhere;

  constructor(name: string, formatter: Intl.DateTimeFormat) {
    this.name = name;
    this.#formatter = formatter;
  }

  offsetMsAt(epochMs: number): number {
    if (epochMs < this.#last.start || epochMs >= this.#last.end) this.#last = this.#find(epochMs);
    return this.#last.offsetMs;
  }

  #find(epochMs: number): Period {
    const week = Math.floor(epochMs / weekMs);
    let periods = this.#weeks.get(week);
    if (!periods) {
      periods = this.#periodsOf(week);
      this.#weeks.set(week, periods);
    }
    return periods.find((period) => epochMs < period.end) ?? nowhere;
  }

  #periodsOf(week: number): Period[] {
    const start = week * weekMs;
    const end = start + weekMs;
    const [before, after] = [this.#ask(start), this.#ask(end)];
    if (before === after) return [{ start, end, offsetMs: before }];
    const change = this.#changeBetween(start, end, before);
    return [
      { start, end: change, offsetMs: before },
      { start: change, end, offsetMs: after },
    ];
  }

  /** The first whole second at which the offset is no longer `before`. */
  #changeBetween(start: number, end: number, before: number): number {
    let [same, changed] = [start / 1000, end / 1000];
    while (changed - same > 1) {
      const middle = Math.floor((same + changed) / 2);
      if (this.#ask(middle * 1000) === before) same = middle;
      else changed = middle;
    }
    return changed * 1000;
  }

  #ask(epochMs: number): number {
    const match = /GMT(?:([-+])(\d\d):(\d\d)(?::(\d\d))?)?/.exec(this.#formatter.format(epochMs));
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
    const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -size : size;
  }
}
