/** A compared exchange: requests as data, to be sent to two servers, and what came back. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };
export type JsonRecord = { readonly [member: string]: Json };

/** One request. Texts may hold `{name}`: a variable of the case, or what an earlier step saved. */
export interface Step {
  /** `GET /api/v1/nodes`. */
  readonly send: string;
  readonly body?: Json;
  /** The body as it is, when JSON is too polite for it. */
  readonly raw?: string;
  /** An object that was saved: `body` is a merge patch on it, and the result is sent. */
  readonly edit?: string;
  /** Form of the body: `json`, `yaml`, `merge`, `strategic`, `apply`, `json-patch`, or a media type. */
  readonly as?: string;
  /** Form of the answer: `table`, `metadata`, `metadata-list`, `aggregated`, `yaml`, or a media type. */
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Variable to path in the answer's body (`metadata.uid`; `.` is all of it). */
  readonly save?: Readonly<Record<string, string>>;
  /**
   * The request is repeated until the answer has these values; only the last answer counts. `status` is the HTTP
   * status.
   */
  readonly until?: Readonly<Record<string, Json>>;
  /** A watch: closed after that many events, or when the server ends it. */
  readonly take?: number;
  /** Played while the watch is open. */
  readonly meanwhile?: readonly Step[];
  /** Only what stands here in the answer's body is compared: `definitions.com\\.example\\.v1\\.Foo`. */
  readonly part?: string;
  /** Bearer token: the administrator's when absent, none when empty. */
  readonly token?: string;
  /** Milliseconds to let pass before the request. */
  readonly pause?: number;
  /** Prepares the ground: has to succeed, is not compared. */
  readonly quiet?: boolean;
}

export interface Case {
  readonly topic: string;
  readonly name: string;
  /** A namespace of its own, made before the first step; the same on both servers. */
  readonly namespace: string;
  readonly variables: JsonRecord;
  readonly steps: readonly Step[];
}

/** What a server said to one request. */
export interface Answer {
  /** `POST /api/v1/namespaces/{ns}/pods`, as sent. */
  readonly request: string;
  readonly status: number;
  /** Those that carry meaning, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, text, or the events of a watch. */
  readonly body: Json;
}

export interface Played {
  readonly answers: readonly Answer[];
  /** All texts that the client itself sent: they come back as they are. */
  readonly sent: ReadonlySet<string>;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
