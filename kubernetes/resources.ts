/** Names of resources on the wire: group (empty for core), version, plural; where their paths begin. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const core = (plural: string, kind: string, namespaced = true): ResourceType => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});

export const pods = core('pods', 'Pod');
export const events = core('events', 'Event');
export const configMaps = core('configmaps', 'ConfigMap');
export const secrets = core('secrets', 'Secret');
export const serviceAccounts = core('serviceaccounts', 'ServiceAccount');
export const persistentVolumeClaims = core('persistentvolumeclaims', 'PersistentVolumeClaim');
export const services = core('services', 'Service');
export const replicationControllers = core('replicationcontrollers', 'ReplicationController');
export const namespaces = core('namespaces', 'Namespace', false);
export const nodes = core('nodes', 'Node', false);
export const jobs: ResourceType = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
export const cronJobs: ResourceType = {
  group: 'batch',
  version: 'v1',
  plural: 'cronjobs',
  kind: 'CronJob',
  namespaced: true,
};
const apps = (plural: string, kind: string): ResourceType => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});

export const deployments = apps('deployments', 'Deployment');
export const replicaSets = apps('replicasets', 'ReplicaSet');
export const leases: ResourceType = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
export const endpointSlices: ResourceType = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
};
export const customResourceDefinitions: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  namespaced: false,
};

/** `v1`, `batch/v1`. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** What a URL would resolve away, or end: no name of an object, and sent as one it would ask for something else. */
export class PathSegmentError extends Error {
  override readonly name = 'PathSegmentError';
  readonly segment: string;

  constructor(segment: string) {
    super(`${JSON.stringify(segment)} cannot stand in the path of a request: it is no name`);
    this.segment = segment;
  }
}

/**
 * One segment of a path, encoded; PathSegmentError for what none can hold (upstream: client-go rest.Request Name,
 * IsValidPathSegmentName).
 */
export function pathSegment(text: string): string {
  if (text === '.' || text === '..' || !text.isWellFormed()) throw new PathSegmentError(text);
  return encodeURIComponent(text);
}

/** `/api/v1/namespaces/n/pods[/name[/subresource]]`; without a namespace the path over all namespaces. */
export function resourcePath(type: ResourceType, namespace?: string, name?: string, subresource?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = type.namespaced && namespace ? `/namespaces/${pathSegment(namespace)}` : '';
  const object = name === undefined ? '' : `/${pathSegment(name)}`;
  return `${root}${scope}/${type.plural}${object}${subresource ? `/${subresource}` : ''}`;
}
