/**
 * One scenario's operator, gateway and content as a user has them: Deployments from our images by the manifests of
 * deploy/base. They are killed and started by their scale, and reached through the API server.
 */
import { hasReason, type KubernetesClient } from '../../../../kubernetes/client.ts';
import { type ClusterAccess, serverOf } from '../../../../kubernetes/cluster-access.ts';
import type { Deployment, Pod } from '../../../../kubernetes/objects.ts';
import { deployments, pods, type ResourceType } from '../../../../kubernetes/resources.ts';
import type { World } from '../../../../world/world.ts';
import type { Report } from '../../../recording/recording.ts';
import type { FabricService, FabricSettings, GatewayAccess } from '../../environment.ts';
import { newIdentity } from '../../identity.ts';
import type { FabricServices } from '../services.ts';
import { type BaseManifests, isDeployment, type Manifest, render } from './manifests.ts';
import { diagnose, isReady, ServiceNotReadyError } from './readiness.ts';
import { reportsIn } from './reports.ts';
import { proxiedAccess } from './service-proxy.ts';

const POLL_MS = 500;
/** From the request to a service that answers, ms. */
const READY_DEADLINE_MS = 180_000;
const WORDS_LINES_MAX = 5;
/** Kubernetes sends SIGTERM first, always; SIGKILL comes after this, seconds. */
const KILL_GRACE_SECONDS = 1;

export interface DeployedServicesOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  readonly access: ClusterAccess;
  readonly base: BaseManifests;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly settings: FabricSettings;
  imageOf(image: string): string;
  /** Nobody need wait any longer. */
  readonly signal: AbortSignal;
}

export class DeployedServices implements FabricServices {
  readonly gateway: GatewayAccess | undefined;
  readonly content: GatewayAccess | undefined;
  readonly seesRequests = false;
  readonly #options: DeployedServicesOptions;
  readonly #manifests: readonly Manifest[];
  readonly #running = new Set<FabricService>();

  constructor(options: DeployedServicesOptions) {
    const { world, access, namespace, settings, base } = options;
    const identity = newIdentity(world.random);
    this.#options = options;
    this.#manifests = render(base, { ...options, identity, apiHost: new URL(serverOf(access).origin).hostname });
    const reach = (service: 'gateway' | 'content', authorization: () => string) =>
      settings[service] === false ? undefined : proxiedAccess(world, access, namespace, service, authorization);
    this.gateway = reach('gateway', () => identity.userAuthorization(world.clock.now()));
    this.content = reach('content', () => `Bearer ${identity.credential}`);
  }

  async up(): Promise<void> {
    const { client, namespace } = this.#options;
    for (const manifest of this.#manifests) await client.create(typeOf(manifest), namespace, manifest);
    await Promise.all(this.#names.map((service) => this.#ready(service)));
  }

  isRunning(service: FabricService): boolean {
    return this.#running.has(service);
  }

  async start(service: FabricService): Promise<void> {
    if (this.isRunning(service)) return;
    await this.#scale(service, 1);
    await this.#ready(service);
  }

  /** Resolves when its container has ended, so that there are never two of it. */
  async kill(service: FabricService): Promise<void> {
    const { client, namespace, world, signal } = this.#options;
    this.#running.delete(service);
    await this.#scale(service, 0);
    for (const { metadata } of await this.#pods(service)) {
      const deleted = client.delete(pods, namespace, metadata?.name ?? '', { gracePeriodSeconds: KILL_GRACE_SECONDS });
      await deleted.catch((error: unknown) => {
        if (!hasReason(error, 'NotFound')) throw error;
      });
    }
    const begun = world.clock.now();
    while ((await this.#pods(service)).length > 0) {
      if (world.clock.now() - begun > READY_DEADLINE_MS) throw new ServiceStaysError(service, namespace);
      await world.clock.sleep(POLL_MS, signal);
    }
  }

  async reports(): Promise<readonly Report[]> {
    if (!this.gateway) return [];
    const logs = await Promise.all((await this.#pods('gateway')).map((pod) => this.#logOf(pod)));
    return logs.flatMap(reportsIn);
  }

  async mishaps(): Promise<readonly string[]> {
    const lists = await Promise.all(this.#names.map(async (service) => mishapsOf(service, await this.#pods(service))));
    return lists.flat();
  }

  async stop(): Promise<void> {
    this.#running.clear();
  }

  get #names(): FabricService[] {
    return this.#manifests.filter(isDeployment).map(({ metadata }) => metadata?.name as FabricService);
  }

  async #scale(service: FabricService, replicas: number): Promise<void> {
    const { client, namespace } = this.#options;
    await client.patch(deployments, namespace, service, 'merge', { spec: { replicas } });
  }

  async #ready(service: FabricService): Promise<void> {
    const { client, namespace, world, signal } = this.#options;
    const begun = world.clock.now();
    for (;;) {
      const deployment = await client.get<Deployment>(deployments, namespace, service);
      if (isReady(deployment) && (await this.#answers(service))) break;
      const diagnosis = diagnose(service, deployment, await this.#pods(service));
      const waitedMs = world.clock.now() - begun;
      if (diagnosis.isFinal || waitedMs >= READY_DEADLINE_MS) {
        throw new ServiceNotReadyError(service, namespace, waitedMs, diagnosis, await this.#lastWords(service));
      }
      await world.clock.sleep(POLL_MS, signal);
    }
    this.#running.add(service);
  }

  /** Of its newest pod; none where nothing ran. */
  async #lastWords(service: FabricService): Promise<string[]> {
    const [pod] = (await this.#pods(service)).reverse();
    const text = pod ? await this.#logOf(pod).catch(() => '') : '';
    return text.split('\n').filter(Boolean).slice(-WORDS_LINES_MAX);
  }

  /** A ready pod is a moment ahead of its Service. */
  async #answers(service: FabricService): Promise<boolean> {
    if (service === 'operator') return true;
    const answer = await this[service]?.fetch('/readyz').catch((error: unknown) => {
      if ((error as { code?: number }).code === 403) throw error;
      return undefined;
    });
    return answer?.status === 200;
  }

  async #pods(service: FabricService): Promise<Pod[]> {
    const { client, namespace } = this.#options;
    const labelSelector = `app.kubernetes.io/part-of=fabric,app.kubernetes.io/name=${service}`;
    return (await client.list<Pod>(pods, { namespace, labelSelector })).items;
  }

  async #logOf({ metadata, status }: Pod): Promise<string> {
    const restarted = (status?.containerStatuses?.[0]?.restartCount ?? 0) > 0;
    let text = '';
    for (const previous of restarted ? [true, false] : [false]) {
      const { client, namespace } = this.#options;
      const chunks: Buffer[] = [];
      for await (const chunk of await client.log(namespace, metadata?.name ?? '', { previous })) chunks.push(chunk);
      text += Buffer.concat(chunks).toString('utf8');
    }
    return text;
  }
}

export class ServiceStaysError extends Error {
  override readonly name = 'ServiceStaysError';
  readonly service: FabricService;

  constructor(service: FabricService, namespace: string) {
    const look = `kubectl -n ${namespace} describe pods`;
    super(
      `${service} in ${namespace} was killed and still runs after ${READY_DEADLINE_MS / 1000} s; look at it: ${look}`,
    );
    this.service = service;
  }
}

function mishapsOf(service: FabricService, found: readonly Pod[]): string[] {
  return found.flatMap(({ status }) => {
    const { restartCount = 0, lastState } = status?.containerStatuses?.[0] ?? {};
    const { exitCode, reason } = lastState?.terminated ?? {};
    if (restartCount > 0) return [`${service} restarted ${restartCount} times (${reason ?? 'Error'}, ${exitCode})`];
    return status?.phase === 'Failed' ? [`a pod of ${service} failed (${status.reason ?? 'no reason'})`] : [];
  });
}

/** By the rule that all of our kinds follow; but for NetworkPolicies. */
export function typeOf({ apiVersion = '', kind }: Manifest): ResourceType {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  const plural = kind.toLowerCase().replace(/y$/, 'ie').concat('s');
  return { group: group ?? '', version: version ?? '', plural, kind, namespaced: true };
}
