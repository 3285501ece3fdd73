/** Simulates cases one after the other in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { ControllerCase } from './case.ts';
import type { Played } from './play.ts';

export interface SimulationOrder {
  readonly number: number;
  readonly one: ControllerCase;
  readonly startAt: number;
}

export type Simulated =
  | { readonly number: number; readonly played: Played }
  | { readonly number: number; readonly failure: string };

/** A case that could not be simulated. */
export class SimulationFailedError extends Error {
  override readonly name = 'SimulationFailedError';
  readonly caseName: string;

  constructor({ topic, name }: ControllerCase, why: string) {
    super(`${topic}: "${name}" could not be simulated: ${why}`);
    this.caseName = name;
  }
}

export class Simulations {
  readonly #worker = new Worker(new URL('./simulated-thread.ts', import.meta.url));
  readonly #waiting = new Map<number, { readonly one: ControllerCase; settle(answer: Simulated): void }>();
  #count = 0;

  constructor() {
    this.#worker.on('message', (answer: Simulated) => {
      this.#waiting.get(answer.number)?.settle(answer);
      this.#waiting.delete(answer.number);
    });
    this.#worker.on('error', (error: Error) => {
      for (const [number, { settle }] of this.#waiting) settle({ number, failure: error.message });
    });
  }

  /** The case as if it had started at that instant; its turn comes after those before it. */
  play(one: ControllerCase, startAt: number): Promise<Played> {
    const number = this.#count++;
    return new Promise((resolve, reject) => {
      const settle = (answer: Simulated) => {
        if ('played' in answer) resolve(answer.played);
        else reject(new SimulationFailedError(one, answer.failure));
      };
      this.#waiting.set(number, { one, settle });
      this.#worker.postMessage({ number, one, startAt } satisfies SimulationOrder);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}
