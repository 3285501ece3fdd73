/**
 * The two clusters under comparison: a real control plane, and `orrery up` as a user starts it. On both, our node agent
 * runs the pods.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { actor } from '../../../fixtures/actor/actor.ts';
import { startControlPlane } from '../../environments/controlplane/control-plane.ts';
import { absence, findProgram } from '../../environments/controlplane/parts.ts';
import { installDefinitions } from '../../environments/controlplane/steps/install-definitions.ts';
import { joinNode } from '../../environments/controlplane/steps/join-node.ts';
import { apiServerStep } from '../../environments/controlplane/steps/start-api-server.ts';
import { startControllerManager } from '../../environments/controlplane/steps/start-controller-manager.ts';
import { startEtcd } from '../../environments/controlplane/steps/start-etcd.ts';
import { startScheduler } from '../../environments/controlplane/steps/start-scheduler.ts';
import { RunningUp } from '../../up/running-up.fixture.ts';
import type { Target } from './play.ts';

export interface Cluster extends Target {
  stop(): Promise<void>;
}

/** The line that says what is missing here. */
export function missingPrograms(environment: NodeJS.ProcessEnv): string | undefined {
  const missing = absence(environment);
  if (missing !== undefined) return `skipped: ${missing}`;
  if (findProgram('kubectl', environment)) return undefined;
  return 'skipped: no kubectl in $ORRERY_PARTS/bin or on the PATH';
}

/** Path of kubectl. */
export function findKubectl(environment: NodeJS.ProcessEnv): string {
  const found = findProgram('kubectl', environment);
  if (found === undefined) throw new Error('no kubectl in $ORRERY_PARTS/bin or on the PATH');
  return found;
}

export async function startRealCluster(): Promise<Cluster> {
  // The agent's own capacity, as in the simulated cluster.
  const node = joinNode({ name: 'node-1', programs: { 'orrery/actor': actor }, capacity: {} });
  const apiServer = apiServerStep({ 'authorization-mode': 'RBAC' });
  const steps = [startEtcd, apiServer, startControllerManager, startScheduler, node, installDefinitions];
  const plane = await startControlPlane({ steps });
  return { url: plane.url, token: plane.token, ca: plane.certificate.cert, stop: () => plane.stop() };
}

export async function startSimulatedCluster(): Promise<Cluster> {
  const up = await RunningUp.start();
  const { url, token, kubeconfig } = up.endpoints.kubernetes;
  const { clusters } = parse(readFileSync(kubeconfig, 'utf8')) as {
    readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data': string } }[];
  };
  const authority = clusters[0]?.cluster['certificate-authority-data'] ?? '';
  return { url, token, ca: Buffer.from(authority, 'base64').toString(), stop: () => up.stop() };
}
