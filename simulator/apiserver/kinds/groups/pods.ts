/** The rules of pods. Source: upstream pkg/registry/core/pod/strategy.go; semantics 1.7, 1.13, 4.1. */
import { pods } from '../../../../kubernetes/resources.ts';
import { withDefaultTolerations } from '../../defaults/generated.ts';
import { type ApiObject, isRecord, recordAt, textAt } from '../../json.ts';
import { defineResource, type Subresource } from '../resource.ts';

const policyKind = { group: 'policy', version: 'v1' };

const subresources: Subresource[] = [
  { name: 'binding', kind: 'Binding', verbs: ['create'] },
  { name: 'eviction', kind: 'Eviction', ...policyKind, verbs: ['create'] },
  { name: 'log', kind: 'Pod', verbs: ['get'] },
  { name: 'status', kind: 'Pod', verbs: ['get', 'patch', 'update'] },
];

const spec = (member: string) => (object: ApiObject) => textAt(object.spec, member);
const status = (member: string) => (object: ApiObject) => textAt(object.status, member);

export const podResource = defineResource(
  pods,
  {
    generation: 'spec',
    statusMembers: ['status'],
    prepareUpdate(object) {
      if (isRecord(object.spec)) object.spec = withDefaultTolerations(object.spec);
    },
    prepareStatus(object, old) {
      // Old kubelets corrupted owner references; upstream never takes them from a status write.
      if (old.metadata.ownerReferences) object.metadata.ownerReferences = old.metadata.ownerReferences;
      else delete object.metadata.ownerReferences;
      const status = recordAt(object, 'status');
      if (status.qosClass === undefined) object.status = { ...status, qosClass: textAt(old.status, 'qosClass') };
    },
    fields: {
      'spec.nodeName': spec('nodeName'),
      'spec.restartPolicy': spec('restartPolicy'),
      'spec.schedulerName': spec('schedulerName'),
      'spec.serviceAccountName': spec('serviceAccountName'),
      'spec.hostNetwork': (object) => String(recordAt(object, 'spec').hostNetwork === true),
      'status.phase': status('phase'),
      'status.podIP': status('podIP'),
      'status.podIPs': status('podIP'),
      'status.nominatedNodeName': status('nominatedNodeName'),
    },
  },
  { shortNames: ['po'], categories: ['all'], subresources },
);
