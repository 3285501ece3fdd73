/**
 * Ports of this machine for local commands: all their pods share one network. Who owns that network gives them out and
 * knows them again when a pod is asked under its address.
 */
export interface ProcessPorts {
  /** A port for what the pod at `address` declares: the declared one where it is free. */
  take(address: string, declared: number): Promise<TakenPort>;
}

export interface TakenPort {
  readonly port: number;
  /** Nobody listens there any more. */
  release(): void;
}

/** Each has what it declares; two pods cannot have the same. */
export const declaredPorts: ProcessPorts = {
  take: async (_address, declared) => ({ port: declared, release: () => undefined }),
};
