/** An action as it is kept: what was sent in any of its forms (contract 3.8, 4.1), in one. */

export interface Action {
  readonly name: string;
  readonly type: 'job' | 'daemon';
  readonly image: string;
  readonly command: readonly string[];
  /** Daemons. */
  readonly port?: number;
  readonly scaleCount?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Jobs: seconds after which the job is failed. */
  readonly jobTimeout?: number;
  /** Merged into the pod's spec, each value at its JSON pointer. */
  readonly podSpec: readonly { readonly path: string; readonly value: unknown }[];
  /** Resources that belong to the skill, as Kubernetes has them. */
  readonly k8sResources: readonly Readonly<Record<string, unknown>>[];
  /** Copied to Tasks (contract 8 row 31). */
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
}
