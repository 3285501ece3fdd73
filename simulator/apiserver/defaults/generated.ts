/**
 * What the server itself writes when an object is created, after defaults and before validation (upstream: PrepareForCreate). Pure
 * functions; `uid` is the new object's, and its name has been generated if need be.
 */
import type {
  CronJob,
  CustomResourceDefinition,
  Job,
  JobSpec,
  KubernetesObject,
  Namespace,
  Pod,
} from '../../../kubernetes/objects.ts';
import { withNameLabel } from './namespace.ts';
import { qosClassOf } from './qos.ts';

const controllerUid = 'batch.kubernetes.io/controller-uid';

/**
 * Selector and template labels of a Job, generation 1, an empty status. A Job whose labels come from its template shares them with it
 * upstream, so that it shows the generated ones too - unless its name came from generateName, where the two have been copied apart by then
 * (semantics 3.1).
 */
export function prepareJobForCreate(job: Job, uid: string): Job {
  const metadata = { ...job.metadata, uid, generation: 1 };
  const spec = job.spec ?? ({} as JobSpec);
  const prepared = { ...job, metadata, status: {} };
  if (spec.manualSelector) return prepared;
  const own = spec.template?.metadata?.labels;
  const labels = { ...generatedLabels(metadata.name ?? '', uid), ...own };
  const shared = own !== undefined && sameLabels(own, job.metadata?.labels) && !metadata.generateName;
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

function sameLabels(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>> | undefined,
): boolean {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other ?? {}).length && keys.every((key) => one[key] === other?.[key]);
}

/** Generation 1, an empty status. */
export function prepareCronJobForCreate(cronJob: CronJob, uid: string): CronJob {
  return { ...cronJob, metadata: { ...cronJob.metadata, uid, generation: 1 }, status: {} };
}

/** Generation 1; phase Pending and the quality of service. A pod with scheduling gates gets its condition at once. */
export function preparePodForCreate(pod: Pod, uid: string): Pod {
  const gated = (pod.spec?.schedulingGates ?? []).length > 0;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, uid, generation: 1 },
    status: { phase: 'Pending', ...(gated ? { conditions: [condition] } : {}), qosClass: qosClassOf(pod) },
  };
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
    status: { acceptedNames: { kind: '', plural: '' }, conditions: [], storedVersions: stored.slice(0, 1) },
  };
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
