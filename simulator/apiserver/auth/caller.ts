/** Who calls, as authentication found it, and who a token belongs to. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}
