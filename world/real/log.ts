/** The log of a real program: one JSON object a line. */
import type { Log, LogFacts } from '../log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** Writes lines of at least `minimum` to `write` (standard error by default, so that output stays clean). */
export function lineLog(
  process_: string,
  minimum: LogLevel = 'info',
  write: (line: string) => void = (line) => process.stderr.write(line),
): Log {
  const at =
    (level: LogLevel) =>
    (message: string, facts: LogFacts = {}) => {
      if (LEVELS.indexOf(level) < LEVELS.indexOf(minimum)) return;
      write(`${JSON.stringify({ time: new Date().toISOString(), level, process: process_, message, ...facts })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
