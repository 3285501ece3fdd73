/** The endpoints of a Service, from its selector and the pods. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod, Service } from '../../../kubernetes/objects.ts';
import { desiredSlices, selects, sliceLabels } from './slices.ts';

type Spec = Partial<NonNullable<Service['spec']>>;

function service(spec: Spec = {}, labels: Record<string, string> = {}): Service {
  const ports = [{ port: 80, targetPort: 8080, protocol: 'TCP' }];
  return { metadata: { name: 's', labels }, spec: { selector: { app: 'a' }, ports, ...spec } } as Service;
}

interface PodFacts {
  readonly name: string;
  readonly ready?: boolean;
  readonly phase?: string;
  readonly address?: string;
  readonly deleted?: boolean;
  readonly webPort?: number;
  readonly hostname?: string;
}

function pod(facts: PodFacts): Pod {
  const { name, ready = true, phase = 'Running', address = '10.1.0.1', deleted, webPort = 8080, hostname } = facts;
  const names = hostname === undefined ? {} : { hostname, subdomain: 's' };
  return {
    metadata: { name, labels: { app: 'a' }, ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: [{ name: 'c', ports: [{ name: 'web', containerPort: webPort }] }], nodeName: 'n', ...names },
    status: { phase, podIP: address, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  } as unknown as Pod;
}

const conditionsOf = (spec: Spec, facts: PodFacts) =>
  desiredSlices(service(spec), [pod(facts)])[0]?.endpoints[0]?.conditions;

describe('an endpoint', () => {
  test.each([
    ['ready', { name: 'p' }, { ready: true, serving: true, terminating: false }],
    ['not ready', { name: 'p', ready: false }, { ready: false, serving: false, terminating: false }],
    ['ready and on its way out', { name: 'p', deleted: true }, { ready: false, serving: true, terminating: true }],
    [
      'gone silent on its way out',
      { name: 'p', deleted: true, ready: false },
      { ready: false, serving: false, terminating: true },
    ],
  ])('of a pod that is %s', (_what, facts, conditions) => {
    expect(conditionsOf({}, facts)).toEqual(conditions);
    // Who publishes those that are not ready calls all of them ready.
    expect(conditionsOf({ publishNotReadyAddresses: true }, facts)).toEqual({ ...conditions, ready: true });
  });

  test.each([
    ['that has ended well', { name: 'p', phase: 'Succeeded' }],
    ['that has failed', { name: 'p', phase: 'Failed' }],
    ['without an address', { name: 'p', address: '' }],
  ])('is not made for a pod %s', (_what, facts) => {
    expect(desiredSlices(service(), [pod(facts)])).toEqual([{ ports: [], endpoints: [] }]);
  });

  test('has the name of a pod whose subdomain is the Service', () => {
    expect(desiredSlices(service(), [pod({ name: 'p', hostname: 'h' })])[0]?.endpoints[0]?.hostname).toBe('h');
  });
});

test('a port by name is each pod’s own: pods with different numbers stand in slices of their own', () => {
  const ports = [{ name: 'http', port: 80, targetPort: 'web' as never, protocol: 'TCP' }];
  const slices = desiredSlices(service({ ports }), [
    pod({ name: 'a', webPort: 8080 }),
    pod({ name: 'b', webPort: 9090 }),
    pod({ name: 'c', webPort: 8080 }),
  ]);
  expect(slices.map(({ ports: [port], endpoints }) => [port?.port, endpoints.length])).toEqual([
    [8080, 2],
    [9090, 1],
  ]);
});

test('a port whose name the pod does not have is left out', () => {
  const ports = [{ name: 'x', port: 80, targetPort: 'other' as never, protocol: 'TCP' }];
  expect(desiredSlices(service({ ports }), [pod({ name: 'a' })])[0]?.ports).toEqual([]);
});

test('slices have at most 100 endpoints, and each member stands in one of them, whatever the order of the pods', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 350 }), fc.infiniteStream(fc.nat()), (count, chance) => {
      const pods = Array.from({ length: count }, (_, index) =>
        pod({ name: `p${index}`, address: `10.1.${index >> 8}.${index & 255}` }),
      );
      const shuffled = pods
        .map((each) => ({ each, key: chance.next().value }))
        .sort((one, other) => one.key - other.key)
        .map(({ each }) => each);
      const slices = desiredSlices(service(), shuffled);
      expect(slices).toEqual(desiredSlices(service(), pods));
      expect(slices.length).toBe(Math.max(1, Math.ceil(count / 100)));
      expect(slices.every(({ endpoints }) => endpoints.length <= 100)).toBe(true);
      const addresses = slices.flatMap(({ endpoints }) => endpoints.flatMap((each) => each.addresses));
      expect(new Set(addresses).size).toBe(count);
    }),
    { numRuns: 30 },
  );
});

test('the labels are the Service’s own, who keeps the slices, and that a headless one needs no proxy', () => {
  const managed = {
    'kubernetes.io/service-name': 's',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  };
  expect(sliceLabels(service({}, { mine: 'x' }))).toEqual({ mine: 'x', ...managed });
  const reserved = { 'kubernetes.io/service-name': 'other', 'service.kubernetes.io/headless': '' };
  expect(sliceLabels(service({}, reserved))).toEqual(managed);
  expect(sliceLabels(service({ clusterIP: 'None' }))).toEqual({ 'service.kubernetes.io/headless': '', ...managed });
});

test('a selector takes the pods that have all its labels', () => {
  expect(selects(service({ selector: { app: 'a' } }), pod({ name: 'p' }))).toBe(true);
  expect(selects(service({ selector: { app: 'a', tier: 'b' } }), pod({ name: 'p' }))).toBe(false);
});
