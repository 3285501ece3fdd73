/**
 * Gives each namespace what pods need there: the service account `default` and the certificate of the cluster's
 * authority. Source: semantics 1.17.
 */
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { Informer } from '../../../kubernetes/informer.ts';
import type { ConfigMap, KubernetesObject, Namespace } from '../../../kubernetes/objects.ts';
import { configMaps, namespaces, type ResourceType, serviceAccounts } from '../../../kubernetes/resources.ts';
import { WorkQueue } from '../../../kubernetes/work-queue.ts';
import type { World } from '../../../world/world.ts';

const accountName = 'default';
const certificateName = 'kube-root-ca.crt';
const explanation =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. ' +
  'No other usage is guaranteed across distributions of Kubernetes clusters.';

export interface ServiceAccountControllerOptions {
  readonly world: World;
  readonly client: KubernetesClient;
  /** PEM text of the certificate authority behind the API server; empty without TLS. */
  readonly rootCertificate?: string;
}

export class ServiceAccountController {
  readonly #client: KubernetesClient;
  readonly #rootCertificate: string;
  readonly #namespaces: Informer<Namespace>;
  readonly #made: readonly Informer<KubernetesObject>[];
  readonly #queue: WorkQueue;

  constructor(options: ServiceAccountControllerOptions) {
    const { world, client, rootCertificate = '' } = options;
    this.#client = client;
    this.#rootCertificate = rootCertificate;
    this.#namespaces = new Informer<Namespace>({ world, client, type: namespaces });
    this.#namespaces.on({
      added: (namespace) => this.#queue.add(namespace.metadata?.name ?? ''),
      updated: (_before, namespace) => this.#queue.add(namespace.metadata?.name ?? ''),
    });
    const follow = (type: ResourceType, name: string) => {
      const informer = new Informer<KubernetesObject>({ world, client, type, fieldSelector: `metadata.name=${name}` });
      informer.on({ deleted: (last) => this.#queue.add(last.metadata?.namespace ?? '') });
      return informer;
    };
    this.#made = [follow(serviceAccounts, accountName), follow(configMaps, certificateName)];
    this.#queue = new WorkQueue({
      clock: world.clock,
      workers: 1,
      handle: (name) => this.#sync(name),
      onError: (namespace, error) =>
        world.log.debug('a namespace has no service account yet', { namespace, error: String(error) }),
    });
  }

  async start(): Promise<void> {
    await Promise.all([this.#namespaces, ...this.#made].map((informer) => informer.start()));
    this.#queue.start();
  }

  async stop(): Promise<void> {
    for (const informer of [this.#namespaces, ...this.#made]) informer.stop();
    await this.#queue.stop();
  }

  async #sync(name: string): Promise<void> {
    const namespace = this.#namespaces.get(undefined, name);
    if (!namespace || namespace.metadata?.deletionTimestamp !== undefined) return;
    const [accounts, certificates] = this.#made;
    if (!accounts?.get(name, accountName)) {
      await this.#ensure(serviceAccounts, name, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: accountName, namespace: name },
      });
    }
    if (!certificates?.get(name, certificateName)) {
      const certificate: ConfigMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name: certificateName,
          namespace: name,
          annotations: { 'kubernetes.io/description': explanation },
        },
        data: { 'ca.crt': this.#rootCertificate },
      };
      await this.#ensure(configMaps, name, certificate);
    }
  }

  async #ensure(type: ResourceType, namespace: string, object: KubernetesObject): Promise<void> {
    try {
      await this.#client.create(type, namespace, object);
    } catch (error) {
      // A namespace that ends or is gone needs nothing any more.
      if (!['AlreadyExists', 'Forbidden', 'NotFound'].some((reason) => hasReason(error, reason))) throw error;
    }
  }
}
