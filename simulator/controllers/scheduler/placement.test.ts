import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Container, Node, Pod } from '../../../kubernetes/objects.ts';
import { place } from './placement.ts';
import { requestsOf } from './requests.ts';
import { Usage } from './usage.ts';

const preemption = (count: number, why: string) =>
  `no new claims to deallocate, preemption: 0/${count} nodes are available: ${why}.`;
const notHelpful = 'Preemption is not helpful for scheduling';
const noVictims = 'No preemption victims found for incoming pod';

describe('a pod is refused', () => {
  test.each<[string, Partial<NonNullable<Node['spec']>>, Pod, string]>([
    [
      'by a taint',
      { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] },
      podOf({}),
      'node(s) had untolerated taint(s)',
    ],
    ['by a cordon', { unschedulable: true }, podOf({}), 'node(s) were unschedulable'],
    [
      'by its node selector',
      {},
      podOf({ nodeSelector: { disk: 'fast' } }),
      "node(s) didn't match Pod's node affinity/selector",
    ],
    ['for want of cpu', {}, podOf({ cpu: '5' }), 'Insufficient cpu'],
  ])('%s, with the message of the real scheduler', (_, spec, pod, reason) => {
    const node = nodeOf('one', { spec });
    expect(placed(pod, [node])).toBe(`0/1 nodes are available: 1 ${reason}. ${preemption(1, `1 ${notHelpful}`)}`);
  });

  test('by full nodes: all reasons are counted, and other pods stand in the way', () => {
    const usage = new Usage();
    usage.seat(podOf({ cpu: '3', memory: '7Gi' }), 'one');
    const message = placed(
      podOf({ cpu: '2', memory: '2Gi' }),
      [nodeOf('one'), nodeOf('two', { spec: { unschedulable: true } })],
      usage,
    );
    expect(message).toBe(
      `0/2 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) were unschedulable. ${preemption(
        2,
        `1 ${noVictims}, 1 ${notHelpful}`,
      )}`,
    );
  });

  test('when there is no node at all, or too many pods', () => {
    expect(placed(podOf({}), [])).toBe('no nodes available to schedule pods');
    expect(placed(podOf({}), [nodeOf('one', { allocatable: { cpu: '4', memory: '8Gi', pods: '0' } })])).toContain(
      '1 Too many pods.',
    );
  });
});

describe('a pod is placed', () => {
  test('on the least loaded node, by name when all are equal', () => {
    const usage = new Usage();
    const nodes = [nodeOf('c'), nodeOf('b'), nodeOf('a')];
    const places = Array.from({ length: 6 }, () => {
      const pod = podOf({ cpu: '500m' });
      const node = placed(pod, nodes, usage);
      usage.seat(pod, node);
      return node;
    });
    expect(places).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  test.each<[string, Pod]>([
    ['key and value', podOf({ tolerations: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] })],
    ['key alone', podOf({ tolerations: [{ key: 'a', operator: 'Exists' }] })],
    ['everything', podOf({ tolerations: [{ operator: 'Exists' }] })],
  ])('on a tainted node that it tolerates: %s', (_, pod) => {
    expect(placed(pod, [nodeOf('one', { spec: { taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] } })])).toBe(
      'one',
    );
  });

  test('where any term of its required affinity holds', () => {
    const nodes = [
      nodeOf('one', { labels: { zone: 'x', size: '3' } }),
      nodeOf('two', { labels: { zone: 'y', size: '8' } }),
    ];
    const with_ = (...terms: object[]) =>
      podOf({
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
      });
    const term = (key: string, operator: string, ...values: string[]) => ({
      matchExpressions: [{ key, operator, values }],
    });
    expect(placed(with_(term('zone', 'In', 'y')), nodes)).toBe('two');
    expect(placed(with_(term('zone', 'In', 'z'), term('size', 'Lt', '5')), nodes)).toBe('one');
    expect(placed(with_(term('size', 'Gt', '5')), nodes)).toBe('two');
    expect(placed(with_({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['two'] }] }), nodes)).toBe(
      'two',
    );
    expect(placed(with_({}), nodes)).toContain("2 node(s) didn't match");
    expect(placed(with_(term('gpu', 'Exists')), nodes)).toContain("2 node(s) didn't match");
  });
});

test('a pod asks for its containers together, or for its greediest init container beside the sidecars before it', () => {
  const container = (name: string, cpu: string, restartPolicy?: string): Container => ({
    name,
    resources: { requests: { cpu } },
    ...(restartPolicy ? { restartPolicy } : {}),
  });
  const containers = [container('a', '1'), container('b', '500m')];
  const initContainers = [container('s', '250m', 'Always'), container('i', '2'), container('t', '100m', 'Always')];
  expect(requestsOf({ spec: { containers, initContainers } }).get('cpu')).toBe(2250);
  expect(requestsOf({ spec: { containers, initContainers: [container('s', '1', 'Always')] } }).get('cpu')).toBe(2500);
});

test('no node ever holds more than it has, and room that is left is the room that was taken', () => {
  const amounts = fc.record({ cpu: fc.integer({ min: 0, max: 3000 }), leaves: fc.boolean() });
  fc.assert(
    fc.property(fc.array(amounts, { maxLength: 40 }), (steps) => {
      const usage = new Usage();
      const seated: Pod[] = [];
      const nodes = [nodeOf('one'), nodeOf('two')];
      for (const { cpu, leaves } of steps) {
        const leaving = leaves ? seated.shift() : undefined;
        if (leaving) usage.leave(leaving);
        const pod = podOf({ cpu: `${cpu}m` });
        const placement = place(pod, nodes, (node) => usage.of(node));
        if (placement.kind === 'none') continue;
        usage.seat(pod, placement.name);
        seated.push(pod);
        expect(usage.of(placement.name).requested.get('cpu')).toBeLessThanOrEqual(4000);
        expect(usage.of(placement.name).pods).toBeLessThanOrEqual(10);
      }
      for (const pod of seated) usage.leave(pod);
      expect(usage.of('one')).toEqual({ pods: 0, requested: new Map() });
    }),
  );
});

let uids = 0;

function podOf(options: { cpu?: string; memory?: string } & Partial<NonNullable<Pod['spec']>>): Pod {
  const { cpu, memory, ...spec } = options;
  const requests = { ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) };
  uids += 1;
  return {
    metadata: { name: 'pod', namespace: 'ns', uid: String(uids) },
    spec: { containers: [{ name: 'c', resources: { requests } }], ...spec },
  };
}

function nodeOf(
  name: string,
  options: { spec?: Node['spec']; labels?: Record<string, string>; allocatable?: Record<string, string> } = {},
): Node {
  const { spec = {}, labels = {}, allocatable = { cpu: '4', memory: '8Gi', pods: '10' } } = options;
  return { metadata: { name, labels }, spec, status: { allocatable } };
}

/** The node's name, or the message. */
function placed(pod: Pod, nodes: Node[], usage = new Usage()): string {
  const placement = place(pod, nodes, (node) => usage.of(node));
  return placement.kind === 'node' ? placement.name : placement.message;
}
