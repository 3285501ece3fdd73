/**
 * Ends a play that hangs: one whose virtual time stands still and whose scenario takes no step for so long in real
 * time; and one that goes on and on. The verdict says where it stood and what it waited for; a thread that does not
 * even say that is in a loop.
 */
import type { Worker } from 'node:worker_threads';
import type { Progress } from './progress.ts';

/** What the watching thread asks, and the answer begins with. */
export const pendingQuestion = 'what is pending?';

export interface PendingAnswer {
  readonly pending: string;
}

export function isPendingAnswer(message: object): message is PendingAnswer {
  return 'pending' in message;
}

export interface WatchdogOptions {
  readonly worker: Worker;
  readonly progress: Progress;
  /** Real time without progress, ms. */
  readonly stallMs: number;
  /** Real time in all, ms. */
  readonly limitMs: number;
  /** Called once with the reason, when the play hangs or lasts too long. */
  readonly onStall: (why: string) => void;
}

const looksPerStall = 10;
const answerMs = 1000;

/** Watches until the returned function is called. */
export function startWatchdog(options: WatchdogOptions): () => void {
  const { worker, progress, stallMs, limitMs, onStall } = options;
  const lookMs = stallMs / looksPerStall;
  let playedMs = 0;
  let seen = progress.read().count;
  let stillFor = 0;
  let answer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(looking);
    clearTimeout(answer);
    worker.off('message', onMessage);
  };
  const stall = (waiting: string) => {
    stop();
    onStall(`${standstill(progress, stallMs)}; ${waiting}`);
  };
  const onMessage = (message: object) => {
    if (isPendingAnswer(message)) stall(message.pending);
  };
  // Looks are counted, not time: a machine that slept has let nobody progress.
  const looking = setInterval(() => {
    const { count } = progress.read();
    playedMs += lookMs;
    if (playedMs >= limitMs) {
      stop();
      onStall(`it does not end: it still plays after ${limitMs / 1000} s of real time, ${whereabouts(progress)}`);
      return;
    }
    stillFor = count === seen ? stillFor + 1 : 0;
    seen = count;
    if (stillFor !== looksPerStall) return;
    worker.postMessage(pendingQuestion);
    answer = setTimeout(() => stall('its thread is in a loop that never waits'), answerMs);
  }, lookMs);
  worker.on('message', onMessage);
  return stop;
}

function standstill(progress: Progress, stallMs: number): string {
  return `it hangs: no progress in ${stallMs / 1000} s of real time, ${whereabouts(progress)}`;
}

function whereabouts(progress: Progress): string {
  const { at, step } = progress.read();
  const where = at === 0 ? 'before its first instant' : `at ${new Date(at).toISOString()}`;
  const after = step === '' ? 'before its first step' : `after its step "${step}"`;
  return `${where} of virtual time, ${after}`;
}
