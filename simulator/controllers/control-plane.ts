/**
 * The controllers of a cluster, as the controller manager and the scheduler of a real one run them. Each has a folder
 * here: the pure arithmetic in files of its own, the loop in `controller.ts`.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { deployments, type ResourceType, services } from '../../kubernetes/resources.ts';
import type { World } from '../../world/world.ts';
import { CronJobController } from './cronjob/controller.ts';
import { DeploymentController } from './deployment/controller.ts';
import { EndpointSliceController } from './endpoint-slice/controller.ts';
import { GarbageCollector } from './garbage-collector/controller.ts';
import { JobController } from './job/controller.ts';
import { type Controller, LateController } from './late.ts';
import { NamespaceController } from './namespace/controller.ts';
import { PodGarbageCollector } from './pod-garbage-collector/controller.ts';
import { ProtectionController } from './protection/controller.ts';
import { type ProtectedKind, protectedClaims, protectedClasses, protectedVolumes } from './protection/kinds.ts';
import { ReplicaSetController } from './replicas/controller.ts';
import { type ReplicaKind, replicaSetKind, replicationControllerKind } from './replicas/kind.ts';
import { Scheduler } from './scheduler/scheduler.ts';
import { ServiceAccountController } from './service-account/controller.ts';
import { TtlController } from './ttl/controller.ts';

export interface ControlPlaneOptions {
  readonly world: World;
  /** A client that speaks to the API server as that caller. */
  client(caller: string): KubernetesClient;
  /** All types that the API server serves at the moment, custom ones too. */
  resources(): readonly ResourceType[];
  /** Calls back once, as soon as an object of that type is stored; what is returned gives that up. */
  whenStored(type: ResourceType, begin: () => void, beyond?: number): () => void;
  /** These controllers alone; absent: all. */
  readonly only?: readonly ControllerName[];
  /** PEM text that `kube-root-ca.crt` is to hold. */
  readonly rootCertificate?: string;
}

/** Its caches cost nothing in a cluster that has none of its objects. */
function late(options: ControlPlaneOptions, type: ResourceType, make: () => Controller, beyond = 0): Controller {
  const { world, whenStored } = options;
  return new LateController({ world, make, whenNeeded: (begin) => whenStored(type, begin, beyond) });
}

function replicas(options: ControlPlaneOptions, client: KubernetesClient, kind: ReplicaKind): Controller {
  return late(options, kind.type, () => new ReplicaSetController({ world: options.world, client, kind }));
}

function protection(options: ControlPlaneOptions, client: KubernetesClient, kind: ProtectedKind): Controller {
  return late(options, kind.type, () => new ProtectionController({ world: options.world, client, kind }));
}

/** By the names of their users in a real cluster. */
const controllers = {
  'service-account-controller': (options, client) => {
    const { world, rootCertificate } = options;
    return new ServiceAccountController({
      world,
      client,
      ...(rootCertificate === undefined ? {} : { rootCertificate }),
    });
  },
  'namespace-controller': ({ world, resources }, client) => new NamespaceController({ world, client, resources }),
  'generic-garbage-collector': ({ world, resources }, client) => new GarbageCollector({ world, client, resources }),
  'cronjob-controller': ({ world }, client) => new CronJobController({ world, client }),
  'job-controller': ({ world }, client) => new JobController({ world, client }),
  'deployment-controller': (options, client) =>
    late(options, deployments, () => new DeploymentController({ world: options.world, client })),
  'replicaset-controller': (options, client) => replicas(options, client, replicaSetKind),
  'replication-controller': (options, client) => replicas(options, client, replicationControllerKind),
  // A cluster has the Service `kubernetes` from the start, whose endpoints are the server's own to tell.
  'endpointslice-controller': (options, client) =>
    late(options, services, () => new EndpointSliceController({ world: options.world, client }), 1),
  'ttl-after-finished-controller': ({ world }, client) => new TtlController({ world, client }),
  'pod-garbage-collector': ({ world }, client) => new PodGarbageCollector({ world, client }),
  'persistentvolumeclaim-protection-controller': (options, client) => protection(options, client, protectedClaims),
  'persistentvolume-protection-controller': (options, client) => protection(options, client, protectedVolumes),
  'volumeattributesclass-protection-controller': (options, client) => protection(options, client, protectedClasses),
  'kube-scheduler': ({ world }, client) => new Scheduler({ world, client }),
} satisfies Record<string, (options: ControlPlaneOptions, client: KubernetesClient) => Controller>;

/** Kinds that a real cluster acts upon and no controller here does, for the API server's `storedOnly`. */
export const kindsWithoutController: readonly string[] = [
  '/LimitRange',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  '/ResourceQuota',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiregistration.k8s.io/APIService',
  'apps/DaemonSet',
  'apps/StatefulSet',
  'autoscaling/HorizontalPodAutoscaler',
  'certificates.k8s.io/CertificateSigningRequest',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'networking.k8s.io/Ingress',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'policy/PodDisruptionBudget',
  'resource.k8s.io/ResourceClaim',
  'storage.k8s.io/VolumeAttachment',
];

export type ControllerName = keyof typeof controllers;

export const controllerNames = Object.keys(controllers) as ControllerName[];

/** Starts the controllers; resolves when all have their caches. */
export async function startControllers(options: ControlPlaneOptions): Promise<{ stop(): Promise<void> }> {
  const names = options.only ?? controllerNames;
  const started = names.map((name): Controller => controllers[name](options, options.client(name)));
  await Promise.all(started.map((controller) => controller.start()));
  return {
    async stop() {
      await Promise.all(started.map((controller) => controller.stop()));
    },
  };
}
