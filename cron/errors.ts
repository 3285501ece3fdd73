/** What a cron expression can have wrong with it; one class, told apart by `kind`. */

/**
 * - `empty`: no text at all
 * - `field-count`: not five fields
 * - `number`: neither a number nor a name, or a negative number
 * - `range`: outside the field's bounds, or backwards
 * - `step`: a step of 0
 * - `syntax`: too many hyphens or slashes
 * - `descriptor`: unknown `@` word
 * - `duration`: `@every` without a Go duration
 * - `zone`: unknown time zone
 * - `unterminated-prefix`: `TZ=` or `CRON_TZ=` without a space behind it
 */
export type ScheduleErrorKind =
  | 'empty'
  | 'field-count'
  | 'number'
  | 'range'
  | 'step'
  | 'syntax'
  | 'descriptor'
  | 'duration'
  | 'zone'
  | 'unterminated-prefix';

/** An expression that robfig/cron's standard parser refuses; the message is the parser's own. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly kind: ScheduleErrorKind;

  constructor(kind: ScheduleErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
