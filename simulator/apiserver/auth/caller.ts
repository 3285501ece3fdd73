/** Who calls, and who a token belongs to. */

/** Who calls, as authentication found it. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

export interface TokenUser {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}
