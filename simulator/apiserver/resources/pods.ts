/** The rules of pods. Source: upstream pkg/registry/core/pod/strategy.go; semantics 1.7, 1.13, 4.1. */
import { pods } from '../../../kubernetes/resources.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';
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

/** `Guaranteed`, `Burstable` or `BestEffort`, by the resources of all containers. */
export function qosClassOf(podSpec: unknown): string {
  const containers = [...listAt(podSpec, 'containers'), ...listAt(podSpec, 'initContainers')];
  const resources = containers.map((container) => recordAt(container, 'resources'));
  const named = resources.map((each) => ({ requests: recordAt(each, 'requests'), limits: recordAt(each, 'limits') }));
  const asked = (side: Record<string, unknown>) => ['cpu', 'memory'].filter((name) => side[name] !== undefined);
  if (named.every((each) => asked(each.requests).length === 0 && asked(each.limits).length === 0)) return 'BestEffort';
  const guaranteed = named.every(({ requests, limits }) =>
    ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && (requests[name] === undefined || requests[name] === limits[name]),
    ),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

export const podResource = defineResource(
  pods,
  {
    generation: 'spec',
    statusMembers: ['status'],
    prepareCreate(object) {
      object.status = { phase: 'Pending', qosClass: qosClassOf(object.spec) };
      const gated = listAt(object.spec, 'schedulingGates').length > 0;
      if (gated && isRecord(object.status)) object.status.conditions = [gatedCondition];
    },
    prepareStatus(object, old) {
      // Old kubelets corrupted owner references; upstream never takes them from a status write.
      object.metadata.ownerReferences = old.metadata.ownerReferences;
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

const gatedCondition = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
};
