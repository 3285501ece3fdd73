import { describe, expect, test } from 'vitest';
import { jobResource } from './resources/batch.ts';
import { podResource } from './resources/pods.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';

const labels = { app: 'web', tier: 'front', size: '5', empty: '' };

describe('a label selector', () => {
  test.each([
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['other!=web', true],
    ['app in (web,api)', true],
    ['app notin (web)', false],
    ['other notin (web)', true],
    ['app', true],
    ['!app', false],
    ['!other', true],
    ['size>4', true],
    ['size<5', false],
    ['app>1', false],
    ['empty=', true],
    ['app=web,tier in (front,back),!other', true],
    ['app=web,tier=back', false],
    [' app = web , tier = front ', true],
    ['example.com/name', false],
  ])('%s', (text, matches) => {
    expect(parseLabelSelector(text)?.(labels)).toBe(matches);
  });

  test.each(['a=b=c', 'a in (b', '-a=b', 'a=b c', 'a>b', '=x', 'a b', 'a in b', ',', 'a,,b'])('refuses %s', (text) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400 }));
  });

  test('selects everything when it is empty', () => {
    expect(parseLabelSelector('')).toBeUndefined();
  });
});

describe('a field selector', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'n' },
    spec: { nodeName: 'node' },
    status: { phase: 'Running' },
  };

  test.each([
    ['metadata.name=p', true],
    ['spec.nodeName=node,status.phase!=Pending', true],
    ['spec.nodeName=', false],
    ['status.podIP=', true],
    ['metadata.namespace==other', false],
  ])('%s', (text, matches) => {
    expect(parseFieldSelector(podResource, text)?.matches(pod)).toBe(matches);
  });

  test('refuses fields that the kind has not declared, in the words of the kind', () => {
    expect(() => parseFieldSelector(podResource, 'spec.image=x')).toThrow('field label not supported: spec.image');
    expect(() => parseFieldSelector(jobResource, 'spec.x=y')).toThrow('field label "spec.x" not supported for Job');
    expect(() => parseFieldSelector(podResource, 'nonsense')).toThrow("can't understand 'nonsense'");
  });
});
