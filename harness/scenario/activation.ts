/** Activations as the gateway tells of them, in what scenarios read. */

/** What scenarios read of an activation (contract 4.7). */
export interface ShownActivation {
  readonly activationId: string;
  readonly status: string;
  readonly response?: unknown;
  readonly error?: { readonly message: string };
  readonly elapsed?: number;
  readonly correlationId?: string;
  readonly transits: readonly { readonly name: string; readonly status: string; readonly taskName?: string }[];
}

/** What lists tell of an activation (contract 3.6). */
export interface ListedActivation {
  readonly activationId: string;
  readonly status: string;
  /** Epoch ms. */
  readonly start: number;
  readonly end?: number;
  readonly username?: string;
}
