/** The Node that an agent registers, its status and its heartbeat Lease, as the kubelet shapes them. */
import type { Lease, Node } from '../../kubernetes/objects.ts';
import { microTime, wireTime } from './times.ts';

export interface NodeFacts {
  readonly name: string;
  /** Host name or IP of the agent's own server. */
  readonly hostAddress: string;
  /** Port of the agent's own server. */
  readonly port: number;
  readonly capacity: Readonly<Record<string, string>>;
}

export const defaultCapacity = { cpu: '8', memory: '32Gi', 'ephemeral-storage': '100Gi', pods: '110' };

export const leaseNamespace = 'kube-node-lease';

/** The Node as it is created: status included, no taints. */
export function nodeObject(facts: NodeFacts, now: number): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.name,
      labels: {
        'kubernetes.io/hostname': facts.name,
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
      },
    },
    spec: {},
    status: nodeStatus(facts, now, now),
  };
}

/** Status of a healthy node; `since` is when it became ready. */
export function nodeStatus(facts: NodeFacts, now: number, since: number): NonNullable<Node['status']> {
  const times = { lastHeartbeatTime: wireTime(now), lastTransitionTime: wireTime(since) };
  const healthy = (type: string, reason: string, message: string) => ({
    type,
    status: 'False',
    reason,
    message,
    ...times,
  });
  return {
    addresses: [
      { type: 'InternalIP', address: facts.hostAddress },
      { type: 'Hostname', address: facts.name },
    ],
    capacity: { ...facts.capacity },
    allocatable: { ...facts.capacity },
    conditions: [
      healthy('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      healthy('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      healthy('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status', ...times },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: facts.port } },
    nodeInfo: {
      architecture: 'amd64',
      bootID: facts.name,
      containerRuntimeVersion: 'orrery://1.0',
      kernelVersion: 'simulated',
      kubeProxyVersion: '',
      kubeletVersion: 'v1.36.3',
      machineID: facts.name,
      operatingSystem: 'linux',
      osImage: 'Orrery',
      systemUUID: facts.name,
    },
  };
}

export function nodeLease(node: Node, now: number, leaseDurationSeconds: number): Lease {
  const name = node.metadata?.name ?? '';
  const uid = node.metadata?.uid ?? '';
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: leaseNamespace,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: { holderIdentity: name, leaseDurationSeconds, renewTime: microTime(now) },
  };
}
