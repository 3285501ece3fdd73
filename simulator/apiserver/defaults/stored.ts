/** Defaults of kinds that are stored and not acted upon. Source: upstream pkg/apis/GROUP/VERSION/defaults.go. */
import type { V1PodTemplate } from '@kubernetes/client-node';
import type { KubernetesObject, Wire } from '../../../kubernetes/objects.ts';
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import { defaultPodTemplate } from './pod.ts';

type Members = Readonly<Record<string, unknown>>;
type Default = (object: KubernetesObject) => KubernetesObject;

/** The member with what is missing in it; what is given stays. */
function filled(object: KubernetesObject, member: string, defaults: Members): KubernetesObject {
  return { ...object, [member]: { ...defaults, ...recordAt(object, member) } };
}

/** Each of a list that is there. */
function each(object: Members, member: string, change: (item: Members) => Members): Members {
  if (!Array.isArray(object[member])) return object;
  return { ...object, [member]: listAt(object, member).map((item) => (isRecord(item) ? change(item) : item)) };
}

const withProtocol = (port: Members): Members => ({ ...port, protocol: textAt(port, 'protocol') || 'TCP' });

function defaultVolume(object: KubernetesObject): KubernetesObject {
  const volume = filled(object, 'spec', { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  const spec = recordAt(volume, 'spec');
  if (!isRecord(spec.hostPath)) return volume;
  return { ...volume, spec: { ...spec, hostPath: { type: '', ...spec.hostPath } } } as KubernetesObject;
}

function defaultDriver(object: KubernetesObject): KubernetesObject {
  return filled(object, 'spec', {
    attachRequired: true,
    podInfoOnMount: false,
    storageCapacity: false,
    fsGroupPolicy: 'ReadWriteOnceWithFSType',
    volumeLifecycleModes: ['Persistent'],
    requiresRepublish: false,
    seLinuxMount: false,
  });
}

function defaultNetworkPolicy(object: KubernetesObject): KubernetesObject {
  const spec = recordAt(object, 'spec');
  const rule = (one: Members) => each(one, 'ports', withProtocol);
  const ruled = each(each(spec, 'ingress', rule), 'egress', rule);
  const types = ['Ingress', ...(spec.egress === undefined ? [] : ['Egress'])];
  return { ...object, spec: { ...ruled, policyTypes: spec.policyTypes ?? types } } as KubernetesObject;
}

function defaultWebhooks(isMutating: boolean): Default {
  return (object) =>
    each(object as unknown as Members, 'webhooks', (webhook) => {
      const { service, ...how } = recordAt(webhook, 'clientConfig');
      return {
        failurePolicy: 'Fail',
        matchPolicy: 'Equivalent',
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
        ...(isMutating ? { reinvocationPolicy: 'Never' } : {}),
        ...each(webhook, 'rules', (one) => ({ scope: '*', ...one })),
        ...(isRecord(service) ? { clientConfig: { ...how, service: { port: 443, ...service } } } : {}),
      };
    }) as unknown as KubernetesObject;
}

const queuing = { queues: 64, handSize: 8, queueLengthLimit: 50 };

function defaultPriorityLevel(object: KubernetesObject): KubernetesObject {
  const spec = recordAt(object, 'spec');
  if (spec.type === 'Exempt') {
    return filled(object, 'spec', {
      ...spec,
      exempt: { nominalConcurrencyShares: 0, lendablePercent: 0, ...recordAt(spec, 'exempt') },
    });
  }
  if (!isRecord(spec.limited)) return object;
  const response = recordAt(spec.limited, 'limitResponse');
  const limitResponse = isRecord(response.queuing)
    ? { ...response, queuing: { ...queuing, ...response.queuing } }
    : response;
  const limited = { nominalConcurrencyShares: 30, lendablePercent: 0, ...spec.limited, limitResponse };
  return { ...object, spec: { ...spec, limited } } as KubernetesObject;
}

const defaultMetric = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

function defaultAutoscaler(object: KubernetesObject): KubernetesObject {
  const isSecond = object.apiVersion === 'autoscaling/v2';
  return filled(object, 'spec', { minReplicas: 1, ...(isSecond ? { metrics: [defaultMetric] } : {}) });
}

/** By group and kind, as `applyBuiltInDefaults` looks for them. */
export const storedDefaults: Readonly<Record<string, Default>> = {
  '/PodTemplate': (object) =>
    ({ ...object, template: defaultPodTemplate((object as Wire<V1PodTemplate>).template ?? {}) }) as KubernetesObject,
  '/PersistentVolume': defaultVolume,
  'autoscaling/HorizontalPodAutoscaler': defaultAutoscaler,
  'networking.k8s.io/NetworkPolicy': defaultNetworkPolicy,
  'networking.k8s.io/IngressClass': (object) => {
    const spec = recordAt(object, 'spec');
    if (!isRecord(spec.parameters)) return object;
    return { ...object, spec: { ...spec, parameters: { scope: 'Cluster', ...spec.parameters } } } as KubernetesObject;
  },
  'storage.k8s.io/CSIDriver': defaultDriver,
  'storage.k8s.io/StorageClass': (object) =>
    ({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...object }) as KubernetesObject,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': defaultWebhooks(true),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': defaultWebhooks(false),
  'discovery.k8s.io/EndpointSlice': (object) =>
    each(object as unknown as Members, 'ports', (port) => ({
      name: '',
      ...withProtocol(port),
    })) as unknown as KubernetesObject,
  'flowcontrol.apiserver.k8s.io/FlowSchema': (object) => {
    const spec = recordAt(object, 'spec');
    return { ...object, spec: { ...spec, matchingPrecedence: spec.matchingPrecedence || 1000 } } as KubernetesObject;
  },
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': defaultPriorityLevel,
};
