/** The rest of the core group: small kinds with few rules. Source: upstream pkg/registry/core. */
import {
  configMaps,
  namespaces,
  nodes,
  type ResourceType,
  replicationControllers,
  secrets,
  serviceAccounts,
  services,
} from '../../../../kubernetes/resources.ts';
import { type ApiObject, recordAt, textAt } from '../../json.ts';
import { allocateChanged } from '../../services/allocate.ts';
import { carryOver } from '../../services/carry-over.ts';
import { defineResource, scaleSubresource, statusOf, strategyOf } from '../resource.ts';

const core = (plural: string, kind: string, namespaced = true): ResourceType => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
});

/** Sets the status that a new object begins with. */
function statusAt(status: object) {
  return (object: ApiObject): void => {
    object.status = { ...status };
  };
}

export const namespaceResource = defineResource(
  namespaces,
  {
    statusMembers: ['status'],
    prepareUpdate(object, old) {
      // The finalizers of the spec change through `/finalize` only.
      object.spec = { ...recordAt(object, 'spec'), finalizers: recordAt(old, 'spec').finalizers };
    },
    fields: { 'status.phase': (object) => textAt(object.status, 'phase') },
  },
  {
    shortNames: ['ns'],
    subresources: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }, statusOf(namespaces)],
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  },
);

export const nodeResource = defineResource(
  nodes,
  {
    statusMembers: ['status'],
    statusAtCreate: true,
    fields: { 'spec.unschedulable': (object) => String(recordAt(object, 'spec').unschedulable === true) },
  },
  { shortNames: ['no'], subresources: [statusOf(nodes)] },
);

const claims = core('persistentvolumeclaims', 'PersistentVolumeClaim');
const quotas = core('resourcequotas', 'ResourceQuota');

export const configMapResource = defineResource(configMaps, {}, { shortNames: ['cm'] });

export const serviceAccountResource = defineResource(
  serviceAccounts,
  {},
  {
    shortNames: ['sa'],
    subresources: [
      { name: 'token', kind: 'TokenRequest', group: 'authentication.k8s.io', version: 'v1', verbs: ['create'] },
    ],
  },
);

export const serviceResource = defineResource(
  services,
  {
    createOnUpdate: true,
    statusMembers: ['status'],
    prepareCreate: statusAt({ loadBalancer: {} }),
    prepareUpdate(service, old, { servicePool }) {
      carryOver(service, old);
      allocateChanged(service, old, servicePool());
    },
  },
  { shortNames: ['svc'], categories: ['all'], subresources: [statusOf(services)] },
);

export const coreResources = [
  namespaceResource,
  nodeResource,
  configMapResource,
  defineResource(secrets, { fields: { type: (object) => textAt(object, 'type') } }),
  serviceAccountResource,
  serviceResource,
  defineResource(
    core('endpoints', 'Endpoints'),
    { createOnUpdate: true },
    {
      shortNames: ['ep'],
      deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
    },
  ),
  defineResource(
    core('limitranges', 'LimitRange'),
    {
      createOnUpdate: true,
      prepareCreate(object, context) {
        object.metadata.name ||= context.unique();
      },
    },
    { shortNames: ['limits'] },
  ),
  defineResource(
    claims,
    { statusMembers: ['status'], prepareCreate: statusAt({ phase: 'Pending' }) },
    { shortNames: ['pvc'], subresources: [statusOf(claims)] },
  ),
  defineResource(
    core('persistentvolumes', 'PersistentVolume', false),
    {
      statusMembers: ['status'],
      prepareCreate(object, { time }) {
        object.status = { phase: 'Pending', lastPhaseTransitionTime: time };
      },
    },
    { shortNames: ['pv'], subresources: [statusOf(core('persistentvolumes', 'PersistentVolume', false))] },
  ),
  defineResource(
    quotas,
    { statusMembers: ['status'], prepareCreate: statusAt({}) },
    { shortNames: ['quota'], subresources: [statusOf(quotas)] },
  ),
  defineResource(core('podtemplates', 'PodTemplate'), strategyOf({ generation: 'all' })),
  defineResource(
    replicationControllers,
    { generation: 'spec', orphanByDefault: true, statusMembers: ['status'], prepareCreate: statusAt({}) },
    { shortNames: ['rc'], categories: ['all'], subresources: [scaleSubresource, statusOf(replicationControllers)] },
  ),
];
