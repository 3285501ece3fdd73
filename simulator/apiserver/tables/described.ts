/**
 * Which member of which type each column shows: its description is the member's. Columns that are not named here show
 * something derived; they keep our own words. Source: the columns of kube-apiserver 1.36, looked up among the
 * descriptions of all members.
 */
import { ownMember } from '../../../world/members.ts';
import type { Prose } from '../schema/prose.ts';
import type { ColumnDefinition } from './columns.ts';

/** `Type#member` below `io.k8s.api.`. */
type Sources = Readonly<Record<string, string>>;

const metadataType = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** Of every kind. */
const ofMetadata: Sources = { Name: 'name', Age: 'creationTimestamp', 'Created At': 'creationTimestamp' };

const eventSources: Sources = {
  'Last Seen': 'core.v1.Event#lastTimestamp',
  Type: 'core.v1.Event#type',
  Reason: 'core.v1.Event#reason',
  Object: 'core.v1.Event#involvedObject',
  Subobject: 'core.v1.ObjectReference#fieldPath',
  Source: 'core.v1.Event#source',
  Message: 'core.v1.Event#message',
  'First Seen': 'core.v1.Event#firstTimestamp',
  Count: 'core.v1.Event#count',
};

const sources: Readonly<Record<string, Sources>> = {
  '/ConfigMap': { Data: 'core.v1.ConfigMap#data' },
  '/Secret': { Type: 'core.v1.Secret#type', Data: 'core.v1.Secret#data' },
  '/Endpoints': { Endpoints: 'core.v1.Endpoints#subsets' },
  '/Event': eventSources,
  'events.k8s.io/Event': eventSources,
  '/Node': {
    Version: 'core.v1.NodeSystemInfo#kubeletVersion',
    'Internal-IP': 'core.v1.NodeStatus#addresses',
    'External-IP': 'core.v1.NodeStatus#addresses',
    'OS-Image': 'core.v1.NodeSystemInfo#osImage',
    'Kernel-Version': 'core.v1.NodeSystemInfo#kernelVersion',
    'Container-Runtime': 'core.v1.NodeSystemInfo#containerRuntimeVersion',
  },
  '/Pod': {
    IP: 'core.v1.PodStatus#podIP',
    Node: 'core.v1.PodSpec#nodeName',
    'Nominated Node': 'core.v1.PodStatus#nominatedNodeName',
    'Readiness Gates': 'core.v1.PodSpec#readinessGates',
  },
  '/PersistentVolumeClaim': {
    Status: 'core.v1.PersistentVolumeClaimStatus#phase',
    Volume: 'core.v1.PersistentVolumeClaimSpec#volumeName',
    Capacity: 'core.v1.PersistentVolumeClaimStatus#capacity',
    'Access Modes': 'core.v1.PersistentVolumeClaimStatus#accessModes',
    VolumeMode: 'core.v1.PersistentVolumeClaimSpec#volumeMode',
  },
  '/ReplicationController': {
    Desired: 'core.v1.ReplicationControllerSpec#replicas',
    Current: 'core.v1.ReplicationControllerStatus#replicas',
    Ready: 'core.v1.ReplicationControllerStatus#readyReplicas',
    Selector: 'core.v1.ReplicationControllerSpec#selector',
  },
  '/Service': {
    Type: 'core.v1.ServiceSpec#type',
    'Cluster-IP': 'core.v1.ServiceSpec#clusterIP',
    'External-IP': 'core.v1.ServiceSpec#externalIPs',
    'Port(s)': 'core.v1.ServiceSpec#ports',
    Selector: 'core.v1.ServiceSpec#selector',
  },
  'apps/DaemonSet': {
    Desired: 'apps.v1.DaemonSetStatus#desiredNumberScheduled',
    Current: 'apps.v1.DaemonSetStatus#currentNumberScheduled',
    Ready: 'apps.v1.DaemonSetStatus#numberReady',
    'Up-to-date': 'apps.v1.DaemonSetStatus#updatedNumberScheduled',
    Available: 'apps.v1.DaemonSetStatus#numberAvailable',
    'Node Selector': 'core.v1.PodSpec#nodeSelector',
    Selector: 'apps.v1.DaemonSetSpec#selector',
  },
  'apps/Deployment': {
    'Up-to-date': 'apps.v1.DeploymentStatus#updatedReplicas',
    Available: 'apps.v1.DeploymentStatus#availableReplicas',
    Selector: 'apps.v1.DeploymentSpec#selector',
  },
  'apps/ReplicaSet': {
    Desired: 'apps.v1.ReplicaSetSpec#replicas',
    Current: 'apps.v1.ReplicaSetStatus#replicas',
    Ready: 'apps.v1.ReplicaSetStatus#readyReplicas',
    Selector: 'apps.v1.ReplicaSetSpec#selector',
  },
  'batch/CronJob': {
    Schedule: 'batch.v1.CronJobSpec#schedule',
    Timezone: 'batch.v1.CronJobSpec#timeZone',
    Suspend: 'batch.v1.CronJobSpec#suspend',
    Active: 'batch.v1.CronJobStatus#active',
    'Last Schedule': 'batch.v1.CronJobStatus#lastScheduleTime',
    Selector: 'batch.v1.JobSpec#selector',
  },
  'batch/Job': { Completions: 'batch.v1.JobStatus#succeeded', Selector: 'batch.v1.JobSpec#selector' },
  'certificates.k8s.io/CertificateSigningRequest': {
    RequestedDuration: 'certificates.v1.CertificateSigningRequestSpec#expirationSeconds',
  },
  'coordination.k8s.io/Lease': { Holder: 'coordination.v1.LeaseSpec#holderIdentity' },
  'scheduling.k8s.io/PriorityClass': {
    Value: 'scheduling.v1.PriorityClass#value',
    'Global-Default': 'scheduling.v1.PriorityClass#globalDefault',
    PreemptionPolicy: 'scheduling.v1.PriorityClass#preemptionPolicy',
  },
};

export interface DescribedKind {
  readonly group: string;
  readonly kind: string;
}

/** The columns of a built-in kind as the texts tell of them. */
export function describedColumns(
  { group, kind }: DescribedKind,
  columns: readonly ColumnDefinition[],
  prose: Prose,
): readonly ColumnDefinition[] {
  const known = sources[`${group}/${kind}`] ?? {};
  return columns.map((column) =>
    withText(column, textOf(ownMember(known, column.name), ownMember(ofMetadata, column.name), prose)),
  );
}

/** Of a custom resource the definition tells; only the name, and the age when it names no columns, are the server's. */
export function describedCustomColumns(
  columns: readonly ColumnDefinition[],
  hasOwn: boolean,
  prose: Prose,
): readonly ColumnDefinition[] {
  return columns.map((column, index) =>
    index === 0 || !hasOwn ? withText(column, textOf(undefined, ownMember(ofMetadata, column.name), prose)) : column,
  );
}

function withText(column: ColumnDefinition, text: string | undefined): ColumnDefinition {
  return text === undefined ? column : { ...column, description: text };
}

function textOf(source: string | undefined, ofObject: string | undefined, prose: Prose): string | undefined {
  const [type = '', member] = source?.split('#') ?? [];
  const text =
    source === undefined ? ofObject && prose.of(metadataType, ofObject) : prose.of(`io.k8s.api.${type}`, member);
  // Tables were first: they do not list the values.
  return text?.split('\n\nPossible enum values:')[0];
}
