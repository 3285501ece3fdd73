/**
 * What has been started, to be taken down in the reverse order: every step is done, whatever the others do, and none
 * may take for ever.
 */
import { rmSync } from 'node:fs';
import { DeadlineExceededError } from '../../world/clock.ts';
import { realClock } from '../../world/real/clock.ts';

/** A step has so long, ms of real time. */
const STEP_DEADLINE_MS = 10_000;

export type CleanUpStep = () => Promise<void> | void;

export class CleanUp {
  readonly #steps: { readonly what: string; readonly step: CleanUpStep }[] = [];
  readonly #deadlineMs: number;
  readonly #onFailure: (what: string, error: unknown) => void;
  #done: Promise<void> | undefined;

  constructor(onFailure: (what: string, error: unknown) => void, deadlineMs = STEP_DEADLINE_MS) {
    this.#onFailure = onFailure;
    this.#deadlineMs = deadlineMs;
  }

  /** To be done before everything that was added earlier. */
  add(what: string, step: CleanUpStep): void {
    this.#steps.push({ what, step });
  }

  /** Removes the folder at the end, and when the process ends without having come to that. */
  addFolder(folder: string): void {
    const remove = () => rmSync(folder, { recursive: true, force: true });
    process.once('exit', remove);
    this.add(`remove ${folder}`, () => {
      process.off('exit', remove);
      remove();
    });
  }

  /** Does all steps, once; never rejects. */
  run(): Promise<void> {
    this.#done ??= this.#run();
    return this.#done;
  }

  async #run(): Promise<void> {
    for (let next = this.#steps.pop(); next; next = this.#steps.pop()) {
      try {
        await within(this.#deadlineMs, next.what, Promise.resolve(next.step()));
      } catch (error) {
        this.#onFailure(next.what, error);
      }
    }
  }
}

function within(deadlineMs: number, what: string, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = realClock.after(deadlineMs, () => reject(new DeadlineExceededError(what, deadlineMs)));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}
