/**
 * Groups whose objects are stored, and upon which nothing here acts: whoever lists, writes or watches them finds what a
 * cluster would answer. Source: upstream
 * pkg/registry/{apps,autoscaling,certificates,discovery,flowcontrol,networking,node,resource,storage}.
 */
import type { ResourceType } from '../../../../kubernetes/resources.ts';
import type { ApiObject } from '../../json.ts';
import { defineResource, type Resource, type ResourceNames, type Strategy, statusOf } from '../resource.ts';
import { autoscalerResources } from './autoscalers.ts';

interface Kind {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  /** In no namespace. */
  readonly cluster?: true;
  readonly version?: string;
}

/** The status that a new object begins with; a kind without one has none. */
function startsWith(status: object): Partial<Strategy> {
  return {
    statusMembers: ['status'],
    prepareCreate(object: ApiObject): void {
      object.status = { ...status };
    },
  };
}

function stored(kind: Kind, rules: Partial<Strategy> = {}, names: Partial<ResourceNames> = {}): Resource {
  const type: ResourceType = {
    group: kind.group,
    version: kind.version ?? 'v1',
    plural: kind.plural,
    kind: kind.kind,
    namespaced: kind.cluster !== true,
  };
  const subresources = rules.statusMembers?.includes('status') ? [statusOf(type)] : [];
  return defineResource(type, rules, { subresources, ...names });
}

const counted = { generation: 'spec' as const };
/** Replaced only by who knows the version that he replaces. */
const versioned = { unconditionalUpdate: false };
const webhooks = { generation: 'all' as const, ...versioned };
const withLoadBalancer = startsWith({ loadBalancer: {} });

const networking = (plural: string, kind: string) => ({ group: 'networking.k8s.io', plural, kind });
const storage = (plural: string, kind: string, cluster = true): Kind => ({
  group: 'storage.k8s.io',
  plural,
  kind,
  ...(cluster ? { cluster: true } : {}),
});
const admission = (plural: string, kind: string): Kind => ({
  group: 'admissionregistration.k8s.io',
  plural,
  kind,
  cluster: true,
});
const flow = (plural: string, kind: string): Kind => ({
  group: 'flowcontrol.apiserver.k8s.io',
  plural,
  kind,
  cluster: true,
});
const devices = (plural: string, kind: string): Kind => ({ group: 'resource.k8s.io', plural, kind });

const extensions = { categories: ['api-extensions'] };

const signingRequests: ResourceType = {
  group: 'certificates.k8s.io',
  version: 'v1',
  plural: 'certificatesigningrequests',
  kind: 'CertificateSigningRequest',
  namespaced: false,
};

/** What is asked for never changes, and nobody owns it. */
const signingRules = { ...startsWith({}), statusMembers: ['status', 'spec'], statusAtCreate: true };

const signingRequestResource = defineResource(signingRequests, signingRules, {
  shortNames: ['csr'],
  subresources: [{ ...statusOf(signingRequests), name: 'approval' }, statusOf(signingRequests)],
});

export const storedGroups: readonly Resource[] = [
  stored(
    { group: 'apiregistration.k8s.io', plural: 'apiservices', kind: 'APIService', cluster: true },
    startsWith({}),
    extensions,
  ),
  stored({ group: 'apps', plural: 'controllerrevisions', kind: 'ControllerRevision' }),
  ...autoscalerResources,
  signingRequestResource,
  stored(networking('ingresses', 'Ingress'), { ...counted, ...withLoadBalancer }, { shortNames: ['ing'] }),
  stored({ ...networking('ingressclasses', 'IngressClass'), cluster: true }, counted),
  stored(networking('networkpolicies', 'NetworkPolicy'), counted, { shortNames: ['netpol'] }),
  stored({ ...networking('ipaddresses', 'IPAddress'), cluster: true }, {}, { shortNames: ['ip'] }),
  stored({ ...networking('servicecidrs', 'ServiceCIDR'), cluster: true }, startsWith({})),
  stored(storage('csidrivers', 'CSIDriver'), {
    ...counted,
    ...versioned,
    prepareCreate(object) {
      delete object.metadata.generation;
    },
  }),
  stored(storage('csinodes', 'CSINode'), versioned),
  stored(storage('csistoragecapacities', 'CSIStorageCapacity', false), versioned),
  stored(storage('storageclasses', 'StorageClass'), {}, { shortNames: ['sc'] }),
  stored(storage('volumeattachments', 'VolumeAttachment'), { ...startsWith({ attached: false }), ...versioned }),
  stored(storage('volumeattributesclasses', 'VolumeAttributesClass'), {}, { shortNames: ['vac'] }),
  stored(admission('mutatingadmissionpolicies', 'MutatingAdmissionPolicy'), counted, extensions),
  stored(admission('mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding'), counted, extensions),
  stored(admission('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'), webhooks, extensions),
  stored(
    admission('validatingadmissionpolicies', 'ValidatingAdmissionPolicy'),
    { ...counted, ...startsWith({}) },
    extensions,
  ),
  stored(admission('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'), counted, extensions),
  stored(admission('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'), webhooks, extensions),
  stored({ group: 'node.k8s.io', plural: 'runtimeclasses', kind: 'RuntimeClass', cluster: true }, versioned),
  stored(
    { group: 'discovery.k8s.io', plural: 'endpointslices', kind: 'EndpointSlice' },
    { generation: 'all and labels' },
  ),
  stored({ ...devices('deviceclasses', 'DeviceClass'), cluster: true }, counted),
  stored(devices('resourceclaims', 'ResourceClaim'), startsWith({})),
  stored(devices('resourceclaimtemplates', 'ResourceClaimTemplate')),
  stored({ ...devices('resourceslices', 'ResourceSlice'), cluster: true }, counted),
  stored(flow('flowschemas', 'FlowSchema'), { ...counted, ...startsWith({}) }),
  stored(flow('prioritylevelconfigurations', 'PriorityLevelConfiguration'), { ...counted, ...startsWith({}) }),
];
