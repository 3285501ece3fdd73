/** Instants as words, ISO 8601 with their zone: `2026-03-29T00:59:00Z`. The machine's own zone is never read. */
const FORM = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

export class InstantError extends Error {
  override readonly name = 'InstantError';
  readonly text: string;

  constructor(text: string) {
    super(`"${text}" is no instant: write a time with its zone, like 2026-01-01T00:00:00Z`);
    this.text = text;
  }
}

/** Epoch ms of an instant; throws an InstantError. */
export function instantMs(text: string): number {
  const ms = FORM.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new InstantError(text);
  return ms;
}
