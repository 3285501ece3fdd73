/** Durations as words: `90s`, `10m`, `1h30m`, `2d`, `250ms`. */
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;

export class DurationError extends Error {
  override readonly name = 'DurationError';
  readonly text: string;

  constructor(text: string) {
    super(`"${text}" is no duration: write numbers with units, like 90s, 10m or 1h30m`);
    this.text = text;
  }
}

/** Milliseconds of a duration; throws a DurationError. */
export function durationMs(text: string): number {
  if (!WHOLE.test(text)) throw new DurationError(text);
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return Math.round(total);
}

/** The shortest words for a duration: `1h30m`, `250ms`. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds}ms`;
  let rest = Math.round(milliseconds / 1000) * 1000;
  let words = '';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const size = UNIT_MS[unit] as number;
    const count = Math.floor(rest / size);
    if (count > 0) words += `${count}${unit}`;
    rest -= count * size;
  }
  return words;
}
