/**
 * What the server itself writes when an object is created, after defaults and before validation (upstream:
 * PrepareForCreate). Pure functions; `uid` is the new object's, and its name has been generated if need be.
 */
import type {
  CronJob,
  CustomResourceDefinition,
  Job,
  JobSpec,
  KubernetesObject,
  Lease,
  Namespace,
  Pod,
} from '../../../kubernetes/objects.ts';
import { freezeDeep } from '../json.ts';
import type { PodSpec } from '../validate/pod-spec.ts';
import { withNameLabel } from './namespace.ts';
import { qosClassOf } from './qos.ts';

const controllerUid = 'batch.kubernetes.io/controller-uid';

/**
 * Selector and template labels of a Job, generation 1, an empty status. A Job without labels takes its template's by
 * default, and upstream the two then *share* the map, so that the Job shows the generated labels too. So they do here:
 * with the identical object in both places. A name from generateName means that the two were copied apart before; then
 * the Job keeps the user's own labels only (semantics 3.1). A Job that has no labels even now takes all of its
 * template's when defaults are applied to what is read back from the store.
 */
export function prepareJobForCreate(job: Job, uid: string): Job {
  const metadata = { ...job.metadata, uid, generation: 1 };
  const spec = job.spec ?? ({} as JobSpec);
  const prepared = { ...job, metadata, status: {} };
  if (spec.manualSelector) return prepared;
  const own = spec.template?.metadata?.labels;
  const labels = { ...generatedLabels(metadata.name ?? '', uid), ...own };
  const shared = own !== undefined && own === metadata.labels && !metadata.generateName;
  const matchLabels = { [controllerUid]: uid, ...spec.selector?.matchLabels };
  return {
    ...prepared,
    metadata: shared ? { ...metadata, labels } : metadata,
    spec: {
      ...spec,
      selector: { ...spec.selector, matchLabels },
      template: { ...spec.template, metadata: { ...spec.template?.metadata, labels } },
    },
  };
}

function generatedLabels(name: string, uid: string): Record<string, string> {
  return {
    [controllerUid]: uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
}

/** Generation 1, an empty status. */
export function prepareCronJobForCreate(cronJob: CronJob, uid: string): CronJob {
  return { ...cronJob, metadata: { ...cronJob.metadata, uid, generation: 1 }, status: {} };
}

/**
 * Generation 1; phase Pending and the quality of service. A pod with scheduling gates gets its condition at once. Two
 * admission plugins that are on everywhere have their part here: Priority and DefaultTolerationSeconds.
 */
export function preparePodForCreate(pod: Pod, uid: string): Pod {
  const gated = (pod.spec?.schedulingGates ?? []).length > 0;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
    lastTransitionTime: pod.metadata?.creationTimestamp,
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, uid, generation: 1 },
    spec: admittedSpec(pod.spec ?? ({} as PodSpec)),
    status: { phase: 'Pending', ...(gated ? { conditions: [condition] } : {}), qosClass: qosClassOf(pod) },
  };
}

/** Without a priority class: priority 0. */
function admittedSpec(spec: PodSpec): PodSpec {
  const { terminationGracePeriodSeconds: grace } = spec;
  return withDefaultTolerations({
    ...spec,
    ...(grace !== undefined && grace < 0 ? { terminationGracePeriodSeconds: 1 } : {}),
    priority: spec.priority ?? 0,
    preemptionPolicy: spec.preemptionPolicy ?? 'PreemptLowerPriority',
  });
}

/** Five minutes of patience with a node that is not ready or unreachable. All pods share these two. */
const patience = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) =>
  freezeDeep({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }),
);

/** Adds what is missing of that patience; on updates too. */
export function withDefaultTolerations<T extends Pick<PodSpec, 'tolerations'>>(spec: T): T {
  const given = spec.tolerations ?? [];
  const missing = patience.filter(
    ({ key }) => !given.some((one) => (one.key || key) === key && (one.effect || 'NoExecute') === 'NoExecute'),
  );
  return missing.length > 0 ? { ...spec, tolerations: [...given, ...missing] } : spec;
}

/** The finalizer of the namespace controller, phase Active, the label with the name. */
export function prepareNamespaceForCreate(namespace: Namespace, uid: string): Namespace {
  const finalizers = namespace.spec?.finalizers ?? [];
  return {
    ...withNameLabel({ ...namespace, metadata: { ...namespace.metadata, uid } }),
    spec: {
      ...namespace.spec,
      finalizers: finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'],
    },
    status: { phase: 'Active' },
  };
}

/** Generation 1; nothing accepted yet; the storage version as the one that objects are stored in. */
export function prepareCustomResourceDefinitionForCreate(
  crd: CustomResourceDefinition,
  uid: string,
): CustomResourceDefinition {
  const stored = (crd.spec?.versions ?? []).filter((version) => version.storage).map((version) => version.name);
  return {
    ...crd,
    metadata: { ...crd.metadata, uid, generation: 1 },
    status: { acceptedNames: { kind: '', plural: '' }, storedVersions: stored.slice(0, 1) },
  } as CustomResourceDefinition;
}

/** Generation 1 and an empty status. */
function prepareReplicated(object: KubernetesObject, status: object, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid, generation: 1 }, status } as KubernetesObject;
}

/** An empty status; the addresses are the allocator's. */
function prepareService(object: KubernetesObject, uid: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, uid }, status: { loadBalancer: {} } } as KubernetesObject;
}

/** Members of coordinated leader election are dropped: the feature is off. */
function prepareLease(object: Lease, uid: string): Lease {
  const { strategy: _strategy, preferredHolder: _preferredHolder, ...spec } = object.spec ?? {};
  return { ...object, metadata: { ...object.metadata, uid }, spec };
}

type Prepare = (object: KubernetesObject, uid: string) => KubernetesObject;

/** Objects of the kind come from the wire, where only the decoder checks types. */
function typed<T extends KubernetesObject>(prepare: (object: T, uid: string) => T): Prepare {
  return prepare as unknown as Prepare;
}

const preparations: Readonly<Record<string, Prepare>> = {
  'batch/Job': typed(prepareJobForCreate),
  'batch/CronJob': typed(prepareCronJobForCreate),
  '/Pod': typed(preparePodForCreate),
  '/Service': prepareService,
  'apps/Deployment': (object, uid) => prepareReplicated(object, {}, uid),
  'apps/ReplicaSet': (object, uid) => prepareReplicated(object, { replicas: 0 }, uid),
  'coordination.k8s.io/Lease': typed(prepareLease),
  '/Namespace': typed(prepareNamespaceForCreate),
  'apiextensions.k8s.io/CustomResourceDefinition': typed(prepareCustomResourceDefinitionForCreate),
};

/** The preparation of a kind; for others only the uid is set. */
export function prepareForCreate<T extends KubernetesObject>(
  type: { readonly group: string; readonly version: string; readonly kind: string },
  object: T,
  uid: string,
): T {
  const prepare = preparations[`${type.group}/${type.kind}`];
  return prepare ? (prepare(object, uid) as T) : { ...object, metadata: { ...object.metadata, uid } };
}
