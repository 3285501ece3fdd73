/**
 * Rejections that nobody handles, while many scenarios share this process: that of a scenario's own code is held
 * against that scenario and spoils no other. What is nobody's ends the process, as Node.js does.
 */
import { placeWords, positionIn } from '../scenario/source-position.ts';
import { thrownWords } from './thrown.ts';

export class Strays {
  readonly #files: ReadonlySet<string>;
  readonly #found = new Map<string, string>();
  readonly #source: NodeJS.EventEmitter;
  readonly #note = (reason: unknown) => this.#take(reason);

  /** @param source where the rejections are told; the process unless a test plays it. */
  constructor(files: readonly string[], source: NodeJS.EventEmitter = process) {
    this.#files = new Set(files);
    this.#source = source;
    source.on('unhandledRejection', this.#note);
  }

  /** What was rejected behind the back of the scenario in this file, in words. */
  of(file: string): string | undefined {
    return this.#found.get(file);
  }

  stop(): void {
    this.#source.off('unhandledRejection', this.#note);
  }

  #take(reason: unknown): void {
    const stack = reason instanceof Error ? (reason.stack ?? '') : '';
    const position = positionIn(stack, (file) => this.#files.has(file));
    if (!position) throw reason;
    const words = `a promise was rejected and nobody handled it: ${thrownWords(reason)} (at ${placeWords(position)})`;
    if (!this.#found.has(position.file)) this.#found.set(position.file, words);
  }
}
