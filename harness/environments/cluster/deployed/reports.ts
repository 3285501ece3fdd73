/** The operator's reports as a deployed gateway took them: its log has a line for each. */
import type { Report } from '../../../recording/recording.ts';
import { reportMessage } from '../../sim/reports.ts';

interface LogLine {
  readonly time?: unknown;
  readonly message?: unknown;
  readonly [fact: string]: unknown;
}

/** Of all lines those of reports, in their order; a last line that is not whole yet is left out. */
export function reportsIn(log: string): Report[] {
  return log.split('\n').flatMap((line) => reportOf(parsed(line)) ?? []);
}

function reportOf({ time, message, uid, name, state, accepted, created }: LogLine): Report | undefined {
  if (message !== reportMessage || typeof time !== 'string') return undefined;
  return {
    at: Date.parse(time),
    uid: String(uid),
    name: String(name),
    state: String(state),
    accepted: accepted === true,
    created: created === true,
  };
}

function parsed(line: string): LogLine {
  if (!line.startsWith('{')) return {};
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return {};
  }
}
