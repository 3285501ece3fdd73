import { expect, test } from 'vitest';
import type { Job, JobSpec, Pod } from '../../../kubernetes/objects.ts';
import { claimOf, matchesSelector } from './claim.ts';
import { controllerReference } from './pod-template.ts';

const deletionTimestamp = '2026-01-01T00:00:00Z';
const job: Job = {
  metadata: { name: 'job', namespace: 'ns', uid: 'u' },
  spec: { selector: { matchLabels: { app: 'a' } }, template: {} },
};
const deletedJob: Job = { ...job, metadata: { ...job.metadata, deletionTimestamp } };
const mine = [controllerReference(job)];
const others = [{ ...controllerReference(job), uid: 'v' }];

function podOf(labels: Record<string, string>, ownerReferences?: NonNullable<Pod['metadata']>['ownerReferences']): Pod {
  return {
    metadata: { name: 'pod', namespace: 'ns', uid: 'p', labels, ...(ownerReferences ? { ownerReferences } : {}) },
  };
}

test.each<[string, Job, Pod, string]>([
  ['its own pod is kept', job, podOf({ app: 'a' }, mine), 'keep'],
  ['its own pod whose label has changed is released', job, podOf({ app: 'b' }, mine), 'release'],
  ["another Job's pod is ignored", job, podOf({ app: 'a' }, others), 'ignore'],
  ['a matching orphan is adopted', job, podOf({ app: 'a' }), 'adopt'],
  ['another orphan is ignored', job, podOf({ app: 'b' }), 'ignore'],
  ['a Job being deleted keeps its own', deletedJob, podOf({ app: 'a' }, mine), 'keep'],
  ['a Job being deleted releases none', deletedJob, podOf({ app: 'b' }, mine), 'ignore'],
  ['a Job being deleted adopts none', deletedJob, podOf({ app: 'a' }), 'ignore'],
  [
    'an orphan being deleted is ignored',
    job,
    { metadata: { ...podOf({ app: 'a' }).metadata, deletionTimestamp } },
    'ignore',
  ],
])('%s', (_, owner, pod, claim) => {
  expect(claimOf(owner, pod)).toBe(claim);
});

test.each<[NonNullable<JobSpec['selector']> | undefined, boolean]>([
  [undefined, false],
  [{}, true],
  [{ matchLabels: { app: 'a', tier: 'x' } }, true],
  [{ matchLabels: { app: 'a', tier: 'y' } }, false],
  [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a', 'b'] }] }, true],
  [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
])('selector %j', (selector, matches) => {
  expect(matchesSelector(selector, { app: 'a', tier: 'x' })).toBe(matches);
});
