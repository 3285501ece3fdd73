/** What the steps of bringing a kind cluster up share. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { $, type ProcessPromise } from 'zx';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { type ClusterStores, clusterFolder } from '../../harness/environments/kind/state.ts';
import type { Image } from '../images/image.ts';
import type { OwnImages } from '../images/own-images.ts';

export interface Wish {
  readonly name: string;
  /** Our services run on this machine, not in the cluster. */
  readonly host: boolean;
  /** What came up stays when a step fails. */
  readonly retain: boolean;
  /**
   * Where records and content are kept; absent: in the cluster where its images can be had, or as they are in a cluster
   * that is there.
   */
  readonly stores?: 'cluster' | 'embedded';
}

export interface Site {
  readonly wish: Wish;
  readonly checkout: string;
  /** The cluster's folder of state. */
  readonly folder: string;
  readonly kubeconfig: string;
  /** Set by the steps, in order. */
  ports?: { readonly gateway: number; readonly content: number };
  images?: OwnImages;
  stores?: ClusterStores;
  /** Those of the stores' images that were made here of programs. */
  storeImages?: readonly Image[];
  /** Those that Docker has. */
  pulledImages?: readonly string[];
  /** The cluster was there already: it is brought up to date. */
  isThere: boolean;
  /** Runs a program that may be in $ORRERY_PARTS/bin; rejects when it fails or the signal is aborted. */
  run(program: string, parameters: readonly string[], signal: AbortSignal, input?: string): ProcessPromise;
}

export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

export function siteFor(wish: Wish): Site {
  const folder = clusterFolder(wish.name);
  const kubeconfig = join(folder, 'kubeconfig');
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return {
    wish,
    checkout: CHECKOUT,
    folder,
    kubeconfig,
    isThere: false,
    run: (program, parameters, signal, input) =>
      $({
        quiet: true,
        signal,
        env,
        ...(input === undefined ? {} : { input }),
      })`${findProgram(program) ?? program} ${parameters}`,
  };
}

/** `docker`'s name for the cluster's one node. */
export function nodeOf(name: string): string {
  return `${name}-control-plane`;
}

/** What kind puts on every container of a cluster. */
export function labelOf(name: string): string {
  return `io.x-k8s.kind.cluster=${name}`;
}
