/**
 * The node agent: a Kubernetes client that registers a Node, takes the pods bound to it, runs their containers and
 * reports their status, as the kubelet does, on the simulator and on a real control plane alike. Begin reading here;
 * `pod-worker.ts` is one pod, `lifecycle.ts` the rules.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { EventRecorder } from '../../kubernetes/event-recorder.ts';
import { Informer } from '../../kubernetes/informer.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import { pods } from '../../kubernetes/resources.ts';
import type { ServerTls } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import { containersOf } from './container-facts.ts';
import { ContainerStarter } from './container-starter.ts';
import { kubeletApi } from './kubelet-api.ts';
import { kubeletRotation, type LogRotation } from './logs/container-log.ts';
import { LogStore } from './logs/log-store.ts';
import { defaultCapacity } from './node-object.ts';
import { PodAddresses } from './pod-addresses.ts';
import { type NodeServices, PodWorker } from './pod-worker.ts';
import { Registration } from './registration.ts';
import { LocalImages } from './runtimes/processes/local-images.ts';
import type { ProcessPorts } from './runtimes/processes/ports.ts';
import { ProcessRuntime } from './runtimes/processes/process-runtime.ts';
import type { Program } from './runtimes/programs/program.ts';
import { ProgramRuntime } from './runtimes/programs/program-runtime.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { SharedAddresses } from './shared-addresses.ts';
import { PodVolumes } from './volumes/pod-volumes.ts';

export interface NodeAgentOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly name: string;
  /** Where the agent serves logs, `host:port`; the host is the node's InternalIP. Port 0 picks one. */
  readonly address: string;
  /** Images that are programs in process. */
  readonly programs?: Readonly<Record<string, Program>>;
  /** Images that are commands of this machine. */
  readonly images?: LocalImages;
  /** PATH of those commands. */
  readonly path?: string;
  /** Their ports on this machine. */
  readonly ports?: ProcessPorts;
  readonly rotation?: Partial<LogRotation>;
  readonly capacity?: Readonly<Record<string, string>>;
  /** Where logs are kept in the World's files. */
  readonly folder?: string;
  /** For a control plane that asks for logs by https. */
  readonly tls?: ServerTls;
  /** How long a container takes to start, ms; drawn for each. Default 50 to 250. */
  readonly startDelayMs?: { readonly minimum: number; readonly maximum: number };
  /**
   * How long the node counts as alive after a heartbeat; there is one each quarter of it. Default 40 s, as the
   * kubelet's.
   */
  readonly leaseDurationSeconds?: number;
  /** Default 5 min, as the kubelet's. */
  readonly statusIntervalMs?: number;
}

export interface NodeAgent {
  /** Kills what runs, leaves no process behind; the pods' status stays as it is. */
  stop(): Promise<void>;
}

/** Resolves when the Node is registered and its pods are known. */
export async function startNodeAgent(options: NodeAgentOptions): Promise<NodeAgent> {
  const agent = new Agent(options);
  await agent.start();
  return agent;
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

class Agent implements NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #workers = new Map<string, PodWorker>();
  readonly #informer: Informer<Pod>;
  readonly #logs: LogStore;
  readonly #services: NodeServices;
  readonly #stops: (() => Promise<void> | void)[] = [];

  constructor(options: NodeAgentOptions) {
    this.#options = options;
    const { world, client, name } = options;
    const hostAddress = options.address.replace(/:\d*$/, '');
    const recorder = new EventRecorder({ world, client, component: 'kubelet', host: name });
    const folder = options.folder ?? `/var/orrery/${name}/pods`;
    this.#logs = new LogStore(world, folder, { ...kubeletRotation, ...options.rotation });
    const starter = new ContainerStarter({
      world,
      client,
      recorder,
      runtimes: runtimesOf(options),
      logs: this.#logs,
      volumes: new PodVolumes({ files: world.files, folder }),
      nodeName: name,
      hostAddress,
      startDelayMs: options.startDelayMs ?? { minimum: 50, maximum: 250 },
    });
    const addresses = new PodAddresses(name);
    const shared = new SharedAddresses(hostAddress);
    this.#services = {
      world,
      client,
      recorder,
      starter,
      nodeName: name,
      hostAddress,
      addressFor(pod) {
        if (pod.spec?.hostNetwork) return hostAddress;
        return isProcess(pod, starter) ? shared.take(pod) : addresses.take();
      },
      releaseAddress(address, pod) {
        shared.release(address, pod);
        addresses.release(address);
      },
    };
    this.#informer = new Informer<Pod>({ world, client, type: pods, fieldSelector: `spec.nodeName=${name}` });
    this.#informer.on({
      added: (pod) => this.#add(pod),
      updated: (_, pod) => this.#workers.get(pod.metadata?.uid ?? '')?.update(pod),
      deleted: (pod) => void this.#remove(pod),
    });
  }

  async start(): Promise<void> {
    const { world, client, name, tls } = this.#options;
    const api = kubeletApi({
      world,
      logs: this.#logs,
      now: () => world.clock.now(),
      podNamed: (namespace, pod) => this.#workers.get(this.#informer.get(namespace, pod)?.metadata?.uid ?? ''),
    });
    const listener = await world.network.listen(this.#options.address, api, tls ? { tls } : {});
    this.#stops.push(() => listener.close());
    const registration = new Registration({
      world,
      client,
      facts: {
        name,
        hostAddress: this.#services.hostAddress,
        port: portOf(listener.url),
        capacity: { ...defaultCapacity, ...this.#options.capacity },
      },
      leaseDurationSeconds: this.#options.leaseDurationSeconds ?? 40,
      statusIntervalMs: this.#options.statusIntervalMs ?? 300_000,
    });
    this.#stops.push(() => registration.stop());
    await registration.start();
    this.#stops.push(() => this.#informer.stop());
    await this.#informer.start();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.reverse()) await stop();
    await Promise.all([...this.#workers.values()].map((worker) => worker.close()));
    this.#workers.clear();
  }

  #add(pod: Pod): void {
    const worker = new PodWorker(this.#services, pod);
    this.#workers.set(pod.metadata?.uid ?? '', worker);
    worker.start();
  }

  async #remove(pod: Pod): Promise<void> {
    const uid = pod.metadata?.uid ?? '';
    const worker = this.#workers.get(uid);
    this.#workers.delete(uid);
    await worker?.close();
    await this.#logs.removePod(uid);
  }
}

function runtimesOf(options: NodeAgentOptions): Runtime[] {
  const { world, programs = {}, images = new LocalImages(), path = defaultPath, ports } = options;
  const processes = new ProcessRuntime({ world, images, path, ...(ports ? { ports } : {}) });
  return [processes, new ProgramRuntime({ world, programs })];
}

function isProcess(pod: Pod, starter: ContainerStarter): boolean {
  return containersOf(pod).some(({ container }) => starter.runtimeOf(container.image ?? '')?.usesHostNetwork === true);
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
