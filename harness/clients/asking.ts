/** How a request leaves, and what comes back: over sockets or in a simulation, the player does not care. */

export interface ClientRequest {
  readonly method: string;
  /** With its query, as it stands on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Sent without a length. */
  readonly chunked: boolean;
}

export interface ClientAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** As the network brought it: one read each. */
  readonly reads: readonly string[];
  /** The longest that nothing came, ms of the client's clock. */
  readonly silenceMs: number;
}

/** Where the requests go. */
export interface Surroundings {
  ask(request: ClientRequest): Promise<ClientAnswer>;
  /** Epoch ms of the user's machine. */
  now(): number;
  /** The user waits before he looks again. */
  rest(ms: number): Promise<void>;
}
