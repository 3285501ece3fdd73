/** The environments by name. */
import { controlPlaneKind } from './controlplane/kind.ts';
import { kindKind } from './kind/kind.ts';
import { DEFAULT_CLUSTER } from './kind/state.ts';
import { kubeconfigKind } from './kubeconfig/kind.ts';
import type { EnvironmentProvider } from './provider.ts';
import { live, sim } from './sim/kinds.ts';

/** What real clusters must be told; simulated ones ask nothing. */
export interface EnvironmentWish {
  /** Of `kind`. */
  readonly cluster?: string;
  /** The rest of `kubeconfig`. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly actorImage?: string;
  /** Where the cluster pulls our images: `PREFIX/operator`. */
  readonly images?: string;
  readonly tag?: string;
  /** Of both: operator, gateway and content run in this process. */
  readonly host?: boolean;
  confirm?(question: string): Promise<boolean>;
}

const makers: Readonly<Record<string, (wish: EnvironmentWish) => EnvironmentProvider>> = {
  sim: () => sim,
  live: () => live,
  controlplane: () => controlPlaneKind({ atFullMinute: true }),
  kind: ({ cluster = DEFAULT_CLUSTER, host = false }) => kindKind({ cluster, host, atFullMinute: true }),
  kubeconfig: ({ context, confirm = refuse, host = false, ...wish }) => {
    if (context === undefined) throw new NoContextError();
    return kubeconfigKind({ ...wish, context, host, confirm, atFullMinute: true });
  },
};

export class UnknownEnvironmentError extends Error {
  override readonly name = 'UnknownEnvironmentError';
  readonly wanted: string;

  constructor(wanted: string) {
    super(`there is no environment "${wanted}": known are ${Object.keys(makers).join(', ')}`);
    this.wanted = wanted;
  }
}

export class NoContextError extends Error {
  override readonly name = 'NoContextError';

  constructor() {
    super('--env kubeconfig writes to a cluster: say which with --context NAME (kubectl config get-contexts)');
  }
}

export function environmentKind(name: string, wish: EnvironmentWish = {}): EnvironmentProvider {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (!maker) throw new UnknownEnvironmentError(name);
  return maker(wish);
}

async function refuse(): Promise<boolean> {
  return false;
}
