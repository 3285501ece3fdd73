/**
 * A real Kubernetes control plane on this machine: etcd, kube-apiserver, kube-controller-manager and kube-scheduler as
 * child processes on loopback ports, and what further steps add: a node, definitions. Begin reading here; each step of
 * bringing it up is a file below `steps/`.
 *
 * ```ts
 * const plane = await startControlPlane({ steps: [...controlPlaneSteps, joinNode({ name: 'node-1', programs: {} })] });
 * const client = plane.clientOf(plane.world);
 * await plane.stop();
 * ```
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import type { World } from '../../../world/world.ts';
import { prepareSite, type Site } from './site.ts';
import { startApiServer } from './steps/start-api-server.ts';
import { startControllerManager } from './steps/start-controller-manager.ts';
import { startEtcd } from './steps/start-etcd.ts';
import { startScheduler } from './steps/start-scheduler.ts';
import { type Step, take } from './steps/step.ts';

/** Of the programs alone; `joinNode` and `installDefinitions` may follow. */
export const controlPlaneSteps: readonly Step[] = [startEtcd, startApiServer, startControllerManager, startScheduler];

export interface ControlPlane {
  readonly url: string;
  /** Bearer token of an administrator. */
  readonly token: string;
  /** PEM of the server's authority, and of the nodes'. */
  readonly certificate: Site['certificate'];
  /** Path of a kubeconfig. */
  readonly kubeconfig: string;
  /** Removed at the end. */
  readonly folder: string;
  /** The machine's World, its connections closed at the end. */
  readonly world: World;
  /** A client with all rights, over the World's network. */
  clientOf(world: World): KubernetesClient;
  /** Ends the programs in order and removes what they wrote. */
  stop(): Promise<void>;
}

/** Rejects with PartsMissingError where the programs are not there, with StepFailedError when one of them fails. */
export async function startControlPlane(
  options: { readonly steps?: readonly Step[]; onStep?(step: Step): void } = {},
): Promise<ControlPlane> {
  const site = await prepareSite();
  try {
    await take(options.steps ?? controlPlaneSteps, site, options.onStep);
  } catch (error) {
    await site.leave();
    throw error;
  }
  const { url, token, certificate, files, folder, world } = site;
  return {
    url,
    token,
    certificate,
    kubeconfig: files.kubeconfig,
    folder,
    world,
    clientOf: (client) => site.clientOf(client),
    stop: () => site.leave(),
  };
}
