/**
 * Starts one container instance: image, environment, log, runtime; says why when it cannot (semantics 4.2, 4.3, 4.7).
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { EventRecorder } from '../../kubernetes/event-recorder.ts';
import { controllerOf } from '../../kubernetes/meta.ts';
import type { Container, Pod } from '../../kubernetes/objects.ts';
import type { World } from '../../world/world.ts';
import { type BackOff, nextBackOff } from './back-off.ts';
import { ContainerConfigError, type EnvironmentContext, environmentOf } from './container-environment.ts';
import type { Exit } from './container-facts.ts';
import { containersOf } from './container-facts.ts';
import { expand } from './expansion.ts';
import type { ContainerLog } from './logs/container-log.ts';
import type { LogStore } from './logs/log-store.ts';
import { notSimulated } from './not-simulated.ts';
import type { FileSystem, PodFacts, RunningContainer, Runtime } from './runtimes/runtime.ts';
import { StartError } from './runtimes/start-error.ts';
import { terminationMessageOf } from './termination-message.ts';
import type { PodVolumes } from './volumes/pod-volumes.ts';

export interface StarterOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly recorder: EventRecorder;
  readonly runtimes: readonly Runtime[];
  readonly logs: LogStore;
  readonly volumes: PodVolumes;
  readonly nodeName: string;
  readonly hostAddress: string;
  /** What sandbox, image check and runtime take, ms; drawn for each start. */
  readonly startDelayMs: { readonly minimum: number; readonly maximum: number };
}

export interface StartRequest {
  readonly pod: Pod;
  readonly container: string;
  /** Of the pod. */
  readonly address: string;
  /** 0 for the first. */
  readonly instance: number;
  /** Back-off of the pulls that failed so far. */
  readonly pulls: BackOff | undefined;
  /** Asked again after each wait: a pod may be deleted meanwhile. */
  isWanted(): boolean;
}

export interface Started {
  readonly containerId: string;
  readonly handle: RunningContainer;
}

/** The container was made, and its program could not be run. */
export interface NotStarted {
  readonly containerId: string;
  readonly startError: string;
}

/** Why a container was not started; `reason` is its waiting reason. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
  readonly reason: string;
  readonly retryAfterMs: number;
  readonly pulls: BackOff | undefined;

  constructor(reason: string, message: string, retryAfterMs: number, pulls?: BackOff) {
    super(message);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
    this.pulls = pulls;
  }
}

interface Prepared {
  readonly environment: Record<string, string>;
  readonly files: FileSystem;
  readonly log: ContainerLog;
}

const configRetryMs = 10_000;
const keptRunning: ReadonlySet<string> = new Set(['DaemonSet', 'ReplicaSet', 'ReplicationController', 'StatefulSet']);
/** Upstream distribution/reference, without the registry's finer points. */
const imageName = /^[a-z0-9.\-_/:]*[a-z0-9][\w.\-/:]*(@sha256:[0-9a-f]{64})?$/;

export class ContainerStarter {
  readonly #options: StarterOptions;

  constructor(options: StarterOptions) {
    this.#options = options;
  }

  /** undefined when it was no longer wanted; rejects with StartRefusedError. */
  async start(request: StartRequest): Promise<Started | NotStarted | undefined> {
    const { pod } = request;
    const container = containersOf(pod).find((one) => one.container.name === request.container)?.container;
    if (!container) throw new TypeError(`pod ${pod.metadata?.name} has no container ${request.container}`);
    const runtime = this.#runtimeFor(request, container);
    const { world, startDelayMs } = this.#options;
    await world.clock.sleep(
      world.random.stream('container starts').integer(startDelayMs.minimum, startDelayMs.maximum),
    );
    const environment = await this.#environment(container, request);
    const files = await this.#files(container, request, environment, runtime);
    if (!request.isWanted()) return undefined;
    const log = await this.#options.logs.create(pod.metadata?.uid ?? '', container.name, request.instance);
    if (!request.isWanted()) return undefined;
    return this.#run(runtime, container, request, { environment, files, log });
  }

  /** Tells that the next pull waits; gives the waiting message. */
  pullBackOff(pod: Pod, container: string, failure: string): string {
    const image = containersOf(pod).find((one) => one.container.name === container)?.container.image ?? '';
    this.#event(pod, container, 'Normal', 'BackOff', `Back-off pulling image "${image}"`);
    this.#event(pod, container, 'Warning', 'Failed', 'Error: ImagePullBackOff');
    return `Back-off pulling image "${image}": ErrImagePull: ${failure}`;
  }

  runtimeOf(image: string): Runtime | undefined {
    return this.#options.runtimes.find((runtime) => runtime.has(image));
  }

  #runtimeFor(request: StartRequest, container: Container): Runtime {
    const { pod } = request;
    const image = container.image ?? '';
    const runtime = this.runtimeOf(image);
    if (runtime) {
      this.#event(pod, container.name, 'Normal', 'Pulled', `Container image "${image}" already present on machine`);
      return runtime;
    }
    if (!imageName.test(image)) {
      const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
      this.#event(pod, container.name, 'Warning', 'InspectFailed', message);
      this.#event(pod, container.name, 'Warning', 'Failed', 'Error: InvalidImageName');
      throw new StartRefusedError('InvalidImageName', message, configRetryMs);
    }
    if (container.imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      this.#event(pod, container.name, 'Warning', 'ErrImageNeverPull', message);
      this.#event(pod, container.name, 'Warning', 'Failed', 'Error: ErrImageNeverPull');
      throw new StartRefusedError('ErrImageNeverPull', message, configRetryMs);
    }
    throw this.#pullFailed(request, image);
  }

  #pullFailed(request: StartRequest, image: string): StartRefusedError {
    const { pod, container } = request;
    const now = this.#options.world.clock.now();
    const pulls = nextBackOff(request.pulls, now, now);
    const failure = `failed to pull and unpack image "${image}": not found: no program and no local command stands for it`;
    this.#event(pod, container, 'Normal', 'Pulling', `Pulling image "${image}"`);
    this.#event(pod, container, 'Warning', 'Failed', `Failed to pull image "${image}": ${failure}`);
    this.#event(pod, container, 'Warning', 'Failed', 'Error: ErrImagePull');
    return new StartRefusedError('ErrImagePull', failure, pulls.delayMs, pulls);
  }

  async #environment(container: Container, request: StartRequest): Promise<Record<string, string>> {
    const { pod } = request;
    try {
      return await environmentOf(container, this.#context(request));
    } catch (error) {
      const message = error instanceof ContainerConfigError ? error.message : `failed to read references: ${error}`;
      this.#event(pod, container.name, 'Warning', 'Failed', `Error: ${message}`);
      throw new StartRefusedError('CreateContainerConfigError', message, configRetryMs);
    }
  }

  #context({ pod, address }: StartRequest): EnvironmentContext {
    const { client, nodeName, hostAddress } = this.#options;
    return { client, pod, nodeName, hostAddress, podAddress: address };
  }

  /** The kubelet goes on trying; the container waits meanwhile. */
  async #files(
    container: Container,
    request: StartRequest,
    environment: Record<string, string>,
    runtime: Runtime,
  ): Promise<FileSystem> {
    const { volumes } = this.#options;
    const { pod, instance } = request;
    const context = this.#context(request);
    try {
      const mounts = await volumes.mountsOf({ container, environment, context, withToken: runtime.usesHostNetwork });
      return { root: volumes.rootOf(pod.metadata?.uid ?? '', container.name, instance), mounts };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#options.recorder.event(pod, 'Warning', 'FailedMount', `MountVolume.SetUp failed: ${message}`);
      throw new StartRefusedError('ContainerCreating', '', configRetryMs);
    }
  }

  async #run(
    runtime: Runtime,
    container: Container,
    request: StartRequest,
    { environment, files, log }: Prepared,
  ): Promise<Started | NotStarted> {
    const { pod } = request;
    const ignored = notSimulated(container, pod);
    if (ignored.length > 0) {
      this.#event(pod, container.name, 'Warning', 'NotSimulated', `${ignored.join(', ')}: ignored by this node`);
    }
    this.#event(pod, container.name, 'Normal', 'Created', `Created container: ${container.name}`);
    const containerId = `orrery://${this.#options.world.random.stream('container ids').uuid()}`;
    const starting = runtime.start({
      pod: podFacts(pod, request.address, this.#options.nodeName),
      container: container.name,
      image: container.image ?? '',
      command: (container.command ?? []).map((text) => expand(text, environment)),
      args: (container.args ?? []).map((text) => expand(text, environment)),
      environment,
      ...(isDaemon(pod) ? { isDaemon: true } : {}),
      ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
      files,
      ...(container.workingDir === undefined ? {} : { workingFolder: container.workingDir }),
      output: (stream, bytes) => log.write(stream, bytes),
      notSimulated: (what) => this.#event(pod, container.name, 'Warning', 'NotSimulated', what),
    });
    try {
      const handle = await starting;
      this.#event(pod, container.name, 'Normal', 'Started', `Started container ${container.name}`);
      const exited = handle.exited.then((exit) => this.#settle(exit, container, log));
      return { containerId, handle: { ...handle, exited } };
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      this.#event(pod, container.name, 'Warning', 'Failed', `Error: ${error.message}`);
      await log.close();
      return { containerId, startError: error.message };
    }
  }

  async #settle(exit: Exit, container: Container, log: ContainerLog): Promise<Exit> {
    await log.close();
    const message = await terminationMessageOf(exit, container, log);
    return message === undefined ? exit : { ...exit, message };
  }

  #event(pod: Pod, container: string, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#options.recorder.event(pod, type, reason, message, `spec.containers{${container}}`);
  }
}

/** One of a set that is kept running, as a Deployment's are. */
function isDaemon({ metadata, spec }: Pod): boolean {
  const owner = controllerOf({ metadata });
  return spec?.restartPolicy === 'Always' && owner !== undefined && keptRunning.has(owner.kind);
}

function podFacts(pod: Pod, address: string, nodeName: string): PodFacts {
  return {
    namespace: pod.metadata?.namespace ?? '',
    name: pod.metadata?.name ?? '',
    uid: pod.metadata?.uid ?? '',
    labels: pod.metadata?.labels ?? {},
    annotations: pod.metadata?.annotations ?? {},
    nodeName,
    address,
  };
}
