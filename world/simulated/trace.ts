/**
 * What a simulation records: typed events, and a rolling hash over all of them. Two runs with the same seed and code
 * have the same hash. Bodies stand as length and hash, so that memory and spool stay small.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { LogFacts } from '../log.ts';

export type TraceEvent =
  | { readonly type: 'step'; readonly at: number }
  | {
      readonly type: 'request';
      readonly at: number;
      readonly id: number;
      readonly from: string;
      readonly to: string;
      readonly method: string;
      readonly path: string;
    }
  | {
      readonly type: 'arrival';
      readonly at: number;
      readonly id: number;
      readonly bytes?: number;
      readonly hash?: string;
    }
  | { readonly type: 'response'; readonly at: number; readonly id: number; readonly status: number }
  | { readonly type: 'chunk'; readonly at: number; readonly id: number; readonly bytes: number; readonly hash: string }
  | { readonly type: 'end'; readonly at: number; readonly id: number }
  | { readonly type: 'failure'; readonly at: number; readonly id: number; readonly error: string }
  | { readonly type: 'process'; readonly at: number; readonly name: string; readonly change: 'started' | 'killed' }
  | {
      readonly type: 'fault';
      readonly at: number;
      readonly change: 'injected' | 'healed';
      readonly id: number;
      readonly description: string;
    }
  | {
      readonly type: 'log';
      readonly at: number;
      readonly process: string;
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly message: string;
      readonly facts: LogFacts;
    }
  /** What the harness adds: a step of a scenario, an object's state, a verdict. */
  | { readonly type: 'note'; readonly at: number; readonly topic: string; readonly facts: LogFacts };

export type TraceSink = (event: TraceEvent) => void;

/**
 * Events are hashed in pieces of about this length: one call of the hash for each event would cost more than the event.
 */
const PIECE_LENGTH = 16_384;

export class Trace {
  readonly #hash = createHash('sha256');
  readonly #sink: TraceSink | undefined;
  #pending = '';
  #events = 0;

  constructor(sink?: TraceSink) {
    this.#sink = sink;
  }

  get events(): number {
    return this.#events;
  }

  record(event: TraceEvent): void {
    this.#events++;
    this.#pending += event.type === 'step' ? `@${event.at}\n` : `${JSON.stringify(event)}\n`;
    if (this.#pending.length >= PIECE_LENGTH) this.#flush();
    this.#sink?.(event);
  }

  /** Hash of all events so far, 64 hexadecimal digits. */
  hash(): string {
    this.#flush();
    return this.#hash.copy().digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#pending);
    this.#pending = '';
  }
}

/**
 * CRC-32 of a body for the trace, 8 hexadecimal digits: tells two runs apart at a tenth of the cost of a strong hash.
 */
export function bodyHash(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
