/** Sizes in the middle of a rollout: laws that hold for all numbers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Deployment, ReplicaSet } from '../../../kubernetes/objects.ts';
import { maximumSurge, maximumUnavailable, replicasOf } from './facts.ts';
import { proportionalSizes } from './proportions.ts';
import { wantedBy } from './sets.ts';
import { newSetReplicas, removable, withoutSpare, withoutUnhealthy } from './sizes.ts';

const bound = fc.oneof(
  fc.nat(20),
  fc.nat(100).map((percent) => `${percent}%`),
);

const deployment = fc.record({ replicas: fc.nat(50), maxSurge: bound, maxUnavailable: bound }).map(
  ({ replicas, ...rollingUpdate }): Deployment => ({
    spec: { replicas, selector: {}, template: {}, strategy: { type: 'RollingUpdate', rollingUpdate } },
  }),
);

const set = (index: number) =>
  fc.record({ replicas: fc.nat(30), available: fc.nat(30), maximum: fc.nat(80) }).map(
    ({ replicas, available, maximum }): ReplicaSet => ({
      metadata: {
        name: `set-${index}`,
        uid: `${index}`,
        annotations: { 'deployment.kubernetes.io/max-replicas': `${maximum}` },
      },
      spec: { replicas, selector: {} },
      status: { replicas, availableReplicas: Math.min(available, replicas) },
    }),
  );

const sets = fc
  .integer({ min: 1, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => set(i))));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

test('proportional sizes add up to what is allowed, unless not even all of the largest set makes up for the others', () => {
  fc.assert(
    fc.property(deployment, sets, (of, all) => {
      const sizes = proportionalSizes(of, all);
      expect(sizes.every(({ replicas }) => replicas >= 0)).toBe(true);
      const allowed = replicasOf(of) > 0 ? replicasOf(of) + maximumSurge(of) : 0;
      const total = sum(sizes.map(({ replicas }) => replicas));
      if (sizes.length > 0 && sizes[0]?.replicas !== 0) expect(total).toBe(allowed);
      else expect(total).toBeGreaterThanOrEqual(sizes.length > 0 ? allowed : 0);
    }),
  );
});

test('surge and unavailability are never both 0 where pods are wanted', () => {
  fc.assert(
    fc.property(deployment, (of) => {
      fc.pre(replicasOf(of) > 0);
      expect(maximumSurge(of) + maximumUnavailable(of)).toBeGreaterThan(0);
      expect(maximumUnavailable(of)).toBeLessThanOrEqual(replicasOf(of));
    }),
  );
});

test('the new set never grows beyond what is wanted, nor all sets beyond the surge', () => {
  fc.assert(
    fc.property(deployment, sets, fc.nat(50), (of, old, present) => {
      fc.pre(present <= replicasOf(of));
      const next = newSetReplicas(of, old, present);
      expect(next).toBeGreaterThanOrEqual(present);
      expect(next).toBeLessThanOrEqual(replicasOf(of));
      if (next > present) expect(next + wantedBy(old)).toBeLessThanOrEqual(replicasOf(of) + maximumSurge(of));
    }),
  );
});

test('as many pods stay available as must, whatever goes', () => {
  fc.assert(
    fc.property(deployment, set(9), sets, (of, newSet, old) => {
      const atMost = removable(of, newSet, old);
      fc.pre(atMost > 0);
      const resized = (from: ReplicaSet[], sizes: ReturnType<typeof withoutUnhealthy>) =>
        from.map((each) => {
          const sized = sizes.find((one) => one.set === each);
          return sized ? { ...each, spec: { ...each.spec, replicas: sized.replicas, selector: {} } } : each;
        });
      const unhealthy = resized(old, withoutUnhealthy(old, atMost));
      const left = resized(unhealthy, withoutSpare(of, newSet, unhealthy));
      const available = ({ spec, status }: ReplicaSet) => Math.min(spec?.replicas ?? 0, status?.availableReplicas ?? 0);
      const before = sum([newSet, ...old].map(available));
      const minimum = replicasOf(of) - maximumUnavailable(of);
      expect(sum([newSet, ...left].map(available))).toBeGreaterThanOrEqual(Math.min(before, minimum));
    }),
  );
});
