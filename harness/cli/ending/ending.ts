/** What ends a command that runs on: a signal, the end of its reader, for `up` the end of whoever started it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { whenReaderGone } from './readers.ts';
import { startedBy } from './started-by.ts';
import { watchStarter } from './starter.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What ends has so long for it, ms. */
const DEADLINE_MS = 30_000;

/** Why a command ends before its work is done. */
export class EndedError extends Error {
  override readonly name = 'EndedError';
}

export interface EndingWish {
  /** Ends with the process that started it. */
  readonly withStarter?: boolean;
  /** Nobody reads the output: that is no reason to end. */
  readonly unread?: boolean;
}

/**
 * Aborted with an EndedError by the first reason to end. From the first call on signals no longer end the process by
 * themselves: but a second one does, and so does a deadline, so that nothing that hangs can hold it up.
 */
export function ending({ withStarter = false, unread = false }: EndingWish = {}): AbortSignal {
  const controller = new AbortController();
  const end = (why: string) => {
    if (controller.signal.aborted) return;
    controller.abort(new EndedError(why));
    void sleep(DEADLINE_MS, undefined, { ref: false }).then(() => process.exit(1));
  };
  for (const signal of signals) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(1);
      end(`stopped by ${signal}`);
    });
  }
  whenReaderGone(() => {
    if (!unread) end('stopped: nobody reads its output any more');
  });
  if (withStarter) watchStarter(startedBy, () => end('stopped: the process that started it has ended'));
  return controller.signal;
}
