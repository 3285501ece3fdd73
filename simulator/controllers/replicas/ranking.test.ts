/** Which pods a ReplicaSet removes first. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../kubernetes/objects.ts';
import { compareForDeletion, deletionCost, podsToDelete } from './ranking.ts';

const now = Date.UTC(2026, 0, 2);
const hourMs = 3_600_000;

interface Facts {
  readonly node?: string;
  readonly phase?: string;
  readonly readyForMs?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly ageMs?: number;
}

function podOf(name: string, { node = 'a', phase = 'Running', cost, ageMs = hourMs, ...more }: Facts = {}): Pod {
  const { readyForMs, restarts = 0 } = more;
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: new Date(now - (readyForMs ?? 0)).toISOString() };
  const annotations: Record<string, string> =
    cost === undefined ? {} : { 'controller.kubernetes.io/pod-deletion-cost': cost };
  const creationTimestamp = new Date(now - ageMs).toISOString();
  return {
    metadata: { name, uid: name, annotations, creationTimestamp },
    spec: { containers: [], nodeName: node },
    status: {
      phase,
      conditions: readyForMs === undefined ? [] : [ready],
      containerStatuses: [{ name: 'main', image: '', imageID: '', ready: true, restartCount: restarts }],
    },
  };
}

const pairs: readonly (readonly [string, Facts, Facts])[] = [
  ['a pod without a node before one with', { node: '', phase: 'Pending' }, { phase: 'Pending' }],
  ['a pending pod before a running one', { phase: 'Pending' }, { phase: 'Running' }],
  ['one that is not ready before one that is', {}, { readyForMs: hourMs }],
  ['a cheaper one before a dearer one', { readyForMs: 9 * hourMs, cost: '-5' }, { readyForMs: hourMs }],
  ['one that has been ready for a shorter time', { readyForMs: hourMs }, { readyForMs: 9 * hourMs }],
  ['one whose container has been started again', { restarts: 2 }, { restarts: 1 }],
  ['the younger', { ageMs: hourMs }, { ageMs: 9 * hourMs }],
];

describe('what goes first', () => {
  test.each(pairs)('%s', (_rule, first, second) => {
    const [one, other] = [podOf('z', first), podOf('a', second)];
    expect(compareForDeletion(one, other, 0, 0, now)).toBeLessThan(0);
    expect(compareForDeletion(other, one, 0, 0, now)).toBeGreaterThan(0);
  });

  test('the pod that shares its node with more of its kind', () => {
    const pods = [podOf('alone', { node: 'a' }), podOf('b1', { node: 'b' }), podOf('b2', { node: 'b' })];
    expect(podsToDelete(pods, pods, 1, now).map(({ metadata }) => metadata?.name)).toEqual(['b1']);
  });

  test('ages within one power of two are the same: the uid decides', () => {
    const [young, old] = [podOf('b', { ageMs: 1.1 * hourMs }), podOf('a', { ageMs: 1.15 * hourMs })];
    expect(compareForDeletion(old, young, 0, 0, now)).toBeLessThan(0);
  });

  test.each(['', '+5', '05', '1.5', 'many', '2147483648'])('a cost of %j is none', (cost) => {
    expect(deletionCost(podOf('p', { cost }))).toBe(0);
  });

  test('does not depend on the order in which the pods come', () => {
    const facts = fc.record({
      node: fc.constantFrom('', 'a', 'b'),
      phase: fc.constantFrom('Pending', 'Running', 'Unknown'),
      readyForMs: fc.option(fc.integer({ min: 0, max: 9 * hourMs }), { nil: undefined }),
      cost: fc.constantFrom('0', '7', '-7'),
      restarts: fc.nat(3),
      ageMs: fc.integer({ min: 0, max: 9 * hourMs }),
    });
    const several = fc.array(facts, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(several, fc.nat(8), fc.infiniteStream(fc.nat()), (list, count, order) => {
        const pods = list.map((each, index) => podOf(`pod-${index}`, each as Facts));
        const keys = new Map(pods.map((pod) => [pod, order.next().value as number]));
        const mixed = pods.toSorted((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        const chosen = (from: Pod[]) => podsToDelete(from, pods, Math.min(count, pods.length), now).map(nameOf).sort();
        expect(chosen(mixed)).toEqual(chosen(pods));
      }),
    );
  });
});

function nameOf({ metadata }: Pod): string {
  return metadata?.name ?? '';
}
