/**
 * Addresses and node ports of Services: free ones are drawn, taken ones refused, what a client does not speak of stays.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../../world/simulated/seeded-random.ts';
import type { ApiObject } from '../json.ts';
import { allocateChanged, allocateNew } from './allocate.ts';
import { carryOver } from './carry-over.ts';
import { ServicePool } from './pool.ts';

type Spec = Record<string, unknown>;

const ports = [{ port: 80, protocol: 'TCP', targetPort: 80 }];

function service(spec: Spec): ApiObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { type: 'ClusterIP', ports, ...spec } };
}

function pool(stored: readonly ApiObject[], seed = 1): ServicePool {
  return new ServicePool(stored, new SeededRandom(seed, 'test').stream('addresses'));
}

function made(spec: Spec, stored: readonly ApiObject[] = [], seed = 1): Spec {
  const object = service(spec);
  allocateNew(object, pool(stored, seed));
  return object.spec as Spec;
}

function changed(from: Spec, to: Spec): Spec {
  const old = service(made(from));
  const next = service(to);
  carryOver(next, old);
  allocateChanged(next, old, pool([old]));
  return next.spec as Spec;
}

test('no two Services have the same address or the same node port, whatever the seed', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 60 }), (seed, count) => {
      const stored: ApiObject[] = [];
      const random = new SeededRandom(seed, 'test').stream('addresses');
      for (let index = 0; index < count; index++) {
        const next = service({ type: 'NodePort' });
        allocateNew(next, new ServicePool(stored, random));
        stored.push(next);
      }
      const specs = stored.map(({ spec }) => spec as { clusterIP: string; ports: { nodePort: number }[] });
      expect(new Set(specs.map(({ clusterIP }) => clusterIP)).size).toBe(count);
      expect(new Set(specs.map((spec) => spec.ports[0]?.nodePort)).size).toBe(count);
    }),
    { numRuns: 30 },
  );
});

test('the same seed gives the same address', () => {
  expect(made({}, [], 7)).toEqual(made({}, [], 7));
});

test('an address that another has is refused, in the real server’s words', () => {
  const taken = service(made({ clusterIP: '10.96.1.1' }));
  const again = () => made({ clusterIP: '10.96.1.1' }, [taken]);
  expect(again).toThrow('failed to allocate IP 10.96.1.1: provided IP is already allocated');
  expect(() => made({ clusterIP: '10.97.1.1' })).toThrow('the provided network does not match the current range');
});

test('a headless Service has none, and an ExternalName nothing at all', () => {
  expect(made({ clusterIP: 'None', selector: { app: 'a' } })).toMatchObject({
    ...{ clusterIP: 'None', clusterIPs: ['None'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
  });
  expect(made({ type: 'ExternalName', externalName: 'example.com' })).not.toHaveProperty('clusterIP');
});

test('a change that does not speak of addresses and node ports keeps them', () => {
  const before = made({ type: 'NodePort' });
  expect(changed({ type: 'NodePort' }, { type: 'NodePort' })).toEqual(before);
});

test('a change of the type drops what it has no use for, and gets what it needs', () => {
  const asked = { type: 'ExternalName', externalName: 'example.com' };
  expect(changed({}, asked)).not.toHaveProperty('clusterIPs');
  expect(changed(asked, {})).toMatchObject({ clusterIP: expect.stringMatching(/^10\.96\./) });
  const plain = changed({ type: 'NodePort' }, { ...made({ type: 'NodePort' }), type: 'ClusterIP' });
  expect(plain.ports).toEqual(ports);
});
