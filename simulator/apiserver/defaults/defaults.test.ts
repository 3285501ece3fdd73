/**
 * Defaults and preparation as functions: nothing is changed in place, twice is once, and the labels of Jobs follow
 * their odd rule.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Job, KubernetesObject } from '../../../kubernetes/objects.ts';
import { freezeDeep } from '../json.ts';
import { prepareForCreate } from './generated.ts';
import { applyBuiltInDefaults } from './index.ts';

const file = new URL('../validate/recorded.json', import.meta.url);
const bodies: KubernetesObject[] = JSON.parse(readFileSync(file, 'utf8')).flatMap((one: { body?: KubernetesObject }) =>
  one.body ? [one.body] : [],
);

function kindOf(object: KubernetesObject) {
  const [version = '', group = ''] = (object.apiVersion ?? '').split('/').reverse();
  return { group, version, kind: object.kind ?? '' };
}

describe('defaults', () => {
  test('change nothing in place, and applied twice are the same as once', () => {
    expect(bodies.length).toBeGreaterThan(100);
    for (const body of bodies) {
      const once = applyBuiltInDefaults(kindOf(body), freezeDeep(structuredClone(body)));
      const prepared = prepareForCreate(kindOf(body), freezeDeep(once), 'uid');
      expect(applyBuiltInDefaults(kindOf(body), once)).toEqual(once);
      expect(prepared.metadata?.uid).toBe('uid');
    }
  });
});

const batch = { group: 'batch', version: 'v1', kind: 'Job' };
const generated = ['batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name', 'controller-uid', 'job-name'];

function labelsOf(metadata: Job['metadata'], templateLabels?: Record<string, string>): string[] {
  const template = { ...(templateLabels ? { metadata: { labels: templateLabels } } : {}), spec: { containers: [] } };
  const job: Job = { apiVersion: 'batch/v1', kind: 'Job', ...(metadata ? { metadata } : {}), spec: { template } };
  const prepared = prepareForCreate(batch, applyBuiltInDefaults(batch, job), 'uid');
  return Object.keys(applyBuiltInDefaults(batch, prepared).metadata?.labels ?? {}).sort();
}

describe('labels of a Job that has none (semantics 3.1)', () => {
  test('are those of its template, the generated ones too', () => {
    expect(labelsOf({ name: 'j' }, { mine: 'x' })).toEqual([...generated, 'mine'].sort());
    expect(labelsOf({ name: 'j' })).toEqual(generated);
  });

  test('are its template’s own only, when the name is generated', () => {
    expect(labelsOf({ name: 'j-abcde', generateName: 'j-' }, { mine: 'x' })).toEqual(['mine']);
  });

  test('are not touched when the Job has some, be they the same as the template’s', () => {
    expect(labelsOf({ name: 'j', labels: { mine: 'x' } }, { mine: 'x' })).toEqual(['mine']);
  });
});
