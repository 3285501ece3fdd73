/**
 * What leads beyond those who listen on the simulated network by themselves: names of Services, and places of the real
 * network.
 */
import type { ConnectionError, HttpHandler } from '../network.ts';

/** Where a name leads: `host:port`, or that it is no name of anybody. Undefined: nothing is known of it. */
export type Resolve = (address: string) => { readonly place: string } | 'unknown name' | undefined;

/** To a real place. */
export interface WayOut {
  /** Rejects with NoWayOutError when no connection came about. */
  readonly handler: HttpHandler;
  /** Rejects when nobody listens there. */
  connect(): Promise<void>;
}

/** No connection to the real place came about: the client hears of that, as if it were there itself. */
export class NoWayOutError extends Error {
  override readonly name = 'NoWayOutError';
  readonly code: ConnectionError['code'];

  constructor(code: ConnectionError['code'], place: string) {
    super(`connect ${place}`);
    this.code = code;
  }
}
