/** Outages that heal, drawn: what fault, whom it hits, which of his requests, from when and for how long. */
import fc from 'fast-check';
import type { ApiFault, ApiFaultTarget } from '../../../simulator/apiserver/faults/fault.ts';
import type { Outage } from './healing.fixture.ts';

/** Who may be hit: those outside the API server, and the controllers in it, which are hit by their names alone. */
const callers = [
  undefined,
  'node-1',
  'operator',
  'gateway',
  'job-controller',
  'cronjob-controller',
  'generic-garbage-collector',
  'ttl-after-finished-controller',
  'namespace-controller',
  'pod-garbage-collector',
  'replicaset-controller',
  'deployment-controller',
  'kube-scheduler',
];

const target: fc.Arbitrary<ApiFaultTarget> = fc
  .record({
    caller: fc.constantFrom(...callers),
    verb: fc.constantFrom(undefined, 'write', 'create', 'update', 'patch', 'delete', 'get', 'list'),
  })
  .map(({ caller, verb }) => ({ ...(caller ? { caller } : {}), ...(verb ? { verb } : {}) }) as ApiFaultTarget);

const probability = fc.constantFrom(0.3, 1);

const fault: fc.Arbitrary<ApiFault> = fc.oneof(
  fc.record({ kind: fc.constant('write-conflicts' as const), probability }),
  fc.record({ kind: fc.constant('requests-refused' as const), probability, status: fc.constantFrom(429, 500, 503) }),
  fc.record({
    kind: fc.constant('answers-lost' as const),
    probability,
    how: fc.constantFrom('reset' as const, 'silence' as const, 'error' as const, 'timeout' as const),
  }),
  fc.record({
    kind: fc.constant('stale-reads' as const),
    minimumMs: fc.constant(0),
    maximumMs: fc.constantFrom(2_000, 60_000),
    reads: fc.constantFrom('cached' as const, 'all' as const),
  }),
  fc.record({ kind: fc.constant('api-restart' as const), downMs: fc.integer({ min: 1_000, max: 120_000 }) }),
);

export const outage: fc.Arbitrary<Outage> = fc
  .record({
    fault,
    target,
    fromSeconds: fc.integer({ min: 0, max: 80 }),
    forSeconds: fc.integer({ min: 20, max: 400 }),
  })
  .map(({ fault: drawn, target: whom, ...when }) => ({
    fault: drawn.kind === 'api-restart' ? drawn : { ...drawn, ...whom },
    ...when,
  }));
