/** Whoever waits for a service is told why it does not come, and what to do. */
import { expect, test } from 'vitest';
import type { Deployment, Pod } from '../../../../kubernetes/objects.ts';
import { diagnose, isReady, ServiceNotReadyError } from './readiness.ts';

const deployment = (status: Deployment['status'], replicas = 1): Deployment => ({
  metadata: { name: 'gateway', namespace: 'trial', generation: 2 },
  spec: { replicas, selector: {}, template: {} },
  ...(status ? { status } : {}),
});
const up = { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const pod = (status: Pod['status']): Pod => ({ metadata: { name: 'gateway-1' }, ...(status ? { status } : {}) });
type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
const container = (wish: Partial<ContainerStatus>): Pod =>
  pod({
    phase: 'Pending',
    containerStatuses: [
      { name: 'gateway', image: 'r.example/gateway:1', imageID: '', ready: false, restartCount: 0, ...wish },
    ],
  });

test.each([
  ['all of it is there', up, true],
  ['its newest version was not seen yet', { ...up, observedGeneration: 1 }, false],
  ['an old pod is still there', { ...up, replicas: 2 }, false],
  ['its pod is not of the newest template', { ...up, updatedReplicas: 0 }, false],
  ['its pod is not ready', { ...up, availableReplicas: 0 }, false],
  ['it has no status', undefined, false],
])('%s: ready is %s', (_words, status, ready) => {
  expect(isReady(deployment(status))).toBe(ready);
});

test('one that is to have no pods is ready without', () => {
  expect(isReady(deployment({ observedGeneration: 2 }, 0))).toBe(true);
});

test.each<[string, Pod[], string, string, boolean]>([
  [
    'no node has room',
    [pod({ conditions: [{ type: 'PodScheduled', status: 'False', message: 'Insufficient memory' }] })],
    'no node takes its pod: Insufficient memory',
    'play fewer scenarios at once',
    false,
  ],
  [
    'the image was not found once',
    [container({ state: { waiting: { reason: 'ErrImagePull', message: 'not found' } } })],
    'its image does not come: ErrImagePull not found',
    'push r.example/gateway:1 where the nodes can pull it',
    false,
  ],
  [
    'the image is not found again and again',
    [container({ state: { waiting: { reason: 'ImagePullBackOff' } } })],
    'its image does not come: ImagePullBackOff',
    '--images PREFIX --tag TAG',
    true,
  ],
  [
    'the program ends',
    [
      container({
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: { exitCode: 1, reason: 'Error' } },
      }),
    ],
    'it ended with 1 (Error)',
    'look at gateway there',
    false,
  ],
  [
    'nothing is wrong yet',
    [pod({ phase: 'Running' })],
    'its pod is Running and its probes do not succeed',
    'kubectl apply -k',
    false,
  ],
  ['nobody made a pod', [], 'it has no pod', 'quotas, pod security', false],
])('%s', (_words, pods, reason, remedy, isFinal) => {
  const diagnosis = diagnose('gateway', deployment(undefined), pods);
  expect(diagnosis).toMatchObject({ reason, isFinal });
  expect(diagnosis.remedy).toContain(remedy);
  const { message } = new ServiceNotReadyError('gateway', 'trial', 5000, diagnosis, ['cannot start']);
  expect(message).toContain(`gateway in trial is not ready after 5 s: ${reason}\nits last words: cannot start\n`);
});

test('a pod that is refused is told in the words of the refusal', () => {
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota' }];
  expect(diagnose('gateway', deployment({ conditions }), []).reason).toBe('its pods are refused: exceeded quota');
});

test('a pod that is going does not speak for the one that comes', () => {
  const going = { ...container({}), metadata: { name: 'old', deletionTimestamp: '2026-01-01T00:00:00Z' } };
  expect(diagnose('gateway', deployment(undefined), [going]).reason).toBe('it has no pod');
});
