/**
 * What a play waits for, as far as its trace shows: requests without an answer. Watches and followed logs are never
 * answered to the end.
 */
import type { TraceEvent } from '../../world/simulated/trace.ts';

const shownMax = 5;
const endless = /[?&](watch|follow)=true/;

export class PendingRequests {
  readonly #open = new Map<number, string>();

  see(event: TraceEvent): void {
    if (event.type === 'end' || event.type === 'failure') this.#open.delete(event.id);
    if (event.type !== 'request' || endless.test(event.path)) return;
    this.#open.set(event.id, `${event.from} -> ${event.to} ${event.method} ${event.path}`);
  }

  /** The oldest ones, in words. */
  words(): string {
    const all = [...this.#open.values()];
    if (all.length === 0) return 'no request is under way: it waits for something that nothing brings about';
    const more = all.length > shownMax ? ` and ${all.length - shownMax} more` : '';
    return `requests without an answer: ${all.slice(0, shownMax).join('; ')}${more}`;
  }
}
