/**
 * Writes the status of one pod: the newest only, one request at a time; then, if asked to, removes the pod for good.
 * Whatever the refusal, it tries again until the API server takes it or the agent lets go of the pod (`stop`), as a
 * kubelet does: that the pod has gone, or that another one has its name, is told by the watch, and no write with the
 * uid can touch the other one. Source: pkg/kubelet/status/status_manager.go, syncBatch and syncPod.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import { pods } from '../../kubernetes/resources.ts';
import type { World } from '../../world/world.ts';
import type { PodStatus } from './pod-status.ts';

const firstRetryMs = 500;
const maximumRetryMs = 10_000;

export class StatusWriter {
  readonly #world: World;
  readonly #client: KubernetesClient;
  readonly #namespace: string | undefined;
  readonly #name: string;
  readonly #uid: string | undefined;
  #wanted: string | undefined;
  #written: string | undefined;
  #removing = false;
  #isBusy = false;
  #isStopped = false;

  constructor(world: World, client: KubernetesClient, pod: Pod) {
    this.#world = world;
    this.#client = client;
    this.#namespace = pod.metadata?.namespace;
    this.#name = pod.metadata?.name ?? '';
    this.#uid = pod.metadata?.uid;
  }

  /** What was written last is not written again. */
  write(status: PodStatus): void {
    this.#wanted = JSON.stringify(status);
    void this.#work();
  }

  /** Deletes the pod without grace once its last status has been written. */
  remove(): void {
    this.#removing = true;
    void this.#work();
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    let retryMs = firstRetryMs;
    while (!this.#isStopped && this.#hasWork()) {
      try {
        await this.#step();
        retryMs = firstRetryMs;
      } catch (error) {
        if (!this.#isStopped) retryMs = await this.#pause(error, retryMs);
      }
    }
    this.#isBusy = false;
  }

  #hasWork(): boolean {
    return this.#wanted !== this.#written || this.#removing;
  }

  async #step(): Promise<void> {
    const wanted = this.#wanted;
    if (wanted !== undefined && wanted !== this.#written) {
      const patch = { metadata: { uid: this.#uid }, status: withoutOldReasons(JSON.parse(wanted) as PodStatus) };
      await this.#client.patch(pods, this.#namespace, this.#name, 'strategic-merge', patch, { subresource: 'status' });
      this.#written = wanted;
      return;
    }
    const preconditions = this.#uid === undefined ? {} : { preconditions: { uid: this.#uid } };
    await this.#client.delete(pods, this.#namespace, this.#name, { gracePeriodSeconds: 0, ...preconditions });
    this.#removing = false;
  }

  async #pause(error: unknown, retryMs: number): Promise<number> {
    const delayMs = retryMs + this.#world.random.stream('status retries').integer(0, retryMs);
    this.#world.log.warn('pod status not written, trying again', {
      pod: `${this.#namespace}/${this.#name}`,
      delayMs,
      error: String(error),
    });
    await this.#world.clock.sleep(delayMs);
    return Math.min(retryMs * 2, maximumRetryMs);
  }
}

/**
 * A merge keeps what the patch is silent about: a reason and a message that hold no more are taken away by name, as the
 * kubelet's patch does.
 */
function withoutOldReasons(status: PodStatus) {
  const conditions = status.conditions?.map((each) => ({
    ...each,
    reason: each.reason ?? null,
    message: each.message ?? null,
  }));
  return { ...status, ...(conditions === undefined ? {} : { conditions }) };
}
