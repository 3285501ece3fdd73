/** What is known of the kind clusters that `npm run kind:up` made: a folder each, which `kind:down` removes. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makePrivateFolder, writePrivateFile } from '../../../world/real/private.ts';

export const DEFAULT_CLUSTER = 'orrery';

export const storeNames = ['mongodb', 'minio'] as const;
export type StoreName = (typeof storeNames)[number];

/** Image of each store that runs in the cluster; what is missing is embedded in its service. */
export type ClusterStores = Readonly<Partial<Record<StoreName, string>>>;

export interface KindCluster {
  readonly name: string;
  /** Path of its kubeconfig; nobody's ~/.kube/config is touched. */
  readonly kubeconfig: string;
  /** Ports on 127.0.0.1 of the services that run in it. */
  readonly ports: { readonly gateway: number; readonly content: number };
  /** Of our images in it: `orrery/actor:TAG`. */
  readonly tag: string;
  /** Absent while no Fabric was deployed in it. */
  readonly stores?: ClusterStores;
}

/** Where they are kept: `$XDG_STATE_HOME/orrery/kind`. */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'orrery', 'kind');
}

/** The folder of one cluster; made when missing. */
export function clusterFolder(name: string): string {
  const folder = join(stateFolder(), name);
  makePrivateFolder(folder);
  return folder;
}

/** A cluster that came up; undefined when there is none of that name. */
export function readCluster(name: string): KindCluster | undefined {
  const file = join(stateFolder(), name, 'cluster.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as KindCluster) : undefined;
}

export function writeCluster(cluster: KindCluster): void {
  writePrivateFile(join(clusterFolder(cluster.name), 'cluster.json'), JSON.stringify(cluster, null, 2));
}

/** Also of one that did not come up. */
export function forgetCluster(name: string): void {
  rmSync(join(stateFolder(), name), { recursive: true, force: true });
}

/** Names of all that were begun and not taken down. */
export function clusterNames(): string[] {
  if (!existsSync(stateFolder())) return [];
  const entries = readdirSync(stateFolder(), { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
