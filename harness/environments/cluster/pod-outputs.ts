/**
 * What the containers of Jobs wrote, read through the kubelet's log API beside the operator, which reads the same for
 * itself. Only length and hash are kept. What is not certain is not told: of a pod that was deleted before it ended
 * nobody knows what it wrote last.
 */
import type { KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { Pod } from '../../../kubernetes/objects.ts';
import { pods } from '../../../kubernetes/resources.ts';
import type { World } from '../../../world/world.ts';
import type { StoredLogFacts } from '../../invariants/logs.ts';
import type { JobHistory } from '../../recording/recording.ts';
import { RunText } from '../run-text.ts';
import type { RunOutputs } from './shared-cluster.ts';

/** Kubernetes puts it on each pod of a Job. */
const jobUidLabel = 'batch.kubernetes.io/controller-uid';
/** How long an ended container's log may take to be read, ms. */
const SETTLE_DEADLINE_MS = 30_000;

interface JobOutput {
  readonly text: RunText;
  /** Names of pods whose log was begun; each attempt is one, and they follow one another. */
  readonly begun: Set<string>;
  /** Ends when the logs that were begun have ended. */
  reading: Promise<void>;
  /** Pods that ended and were there when they did. */
  readonly ended: Set<string>;
  isCertain: boolean;
}

export interface PodOutputsOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly namespace: string;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}

export class PodOutputs implements RunOutputs {
  readonly #options: PodOutputsOptions;
  readonly #jobs = new Map<string, JobOutput>();
  readonly #informer: Informer<Pod>;

  /** Resolves when it watches. */
  static async start(options: PodOutputsOptions): Promise<PodOutputs> {
    const outputs = new PodOutputs(options);
    options.signal.addEventListener('abort', () => outputs.#informer.stop(), { once: true });
    await outputs.#informer.start();
    return outputs;
  }

  private constructor(options: PodOutputsOptions) {
    this.#options = options;
    this.#informer = new Informer<Pod>({ ...options, type: pods, labelSelector: jobUidLabel });
    this.#informer.on({
      added: (pod) => this.#note(pod),
      updated: (_before, pod) => this.#note(pod),
      deleted: (pod) => this.#gone(pod),
    });
  }

  of({ uid }: JobHistory): StoredLogFacts | undefined {
    const output = this.#jobs.get(uid);
    if (!output?.isCertain || output.begun.size === 0 || output.begun.size !== output.ended.size) return undefined;
    return output.text.facts;
  }

  async settled(): Promise<void> {
    const readings = [...this.#jobs.values()].filter(({ begun, ended }) => begun.size === ended.size);
    const all = Promise.all(readings.map(({ reading }) => reading)).then(() => undefined);
    await Promise.race([all, this.#options.world.clock.sleep(SETTLE_DEADLINE_MS, this.#options.signal)]);
  }

  #note(pod: Pod): void {
    const output = this.#outputOf(pod);
    const { name = '', deletionTimestamp } = pod.metadata ?? {};
    const state = pod.status?.containerStatuses?.[0]?.state;
    if ((state?.running || state?.terminated) && !output.begun.has(name)) {
      output.begun.add(name);
      output.reading = output.reading.then(() => this.#read(output, name));
    }
    if (state?.terminated) output.ended.add(name);
    else if (deletionTimestamp !== undefined) output.isCertain = false;
  }

  #gone(pod: Pod): void {
    const output = this.#outputOf(pod);
    if (!output.ended.has(pod.metadata?.name ?? '')) output.isCertain = false;
  }

  async #read(output: JobOutput, name: string): Promise<void> {
    const { client, namespace, signal } = this.#options;
    try {
      for await (const bytes of await client.log(namespace, name, { follow: true }, signal)) {
        output.text.add(name, bytes);
      }
    } catch {
      output.isCertain = false;
    }
  }

  #outputOf(pod: Pod): JobOutput {
    const uid = pod.metadata?.labels?.[jobUidLabel] ?? '';
    let output = this.#jobs.get(uid);
    if (!output) {
      output = { text: new RunText(), begun: new Set(), reading: Promise.resolve(), ended: new Set(), isCertain: true };
      this.#jobs.set(uid, output);
    }
    return output;
  }
}
