import { describe, expect, test } from 'vitest';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import { jobResource } from './groups/batch.ts';
import { configMapResource } from './groups/core.ts';
import { podResource } from './groups/pods.ts';
import { parseFieldSelector } from './selectors.ts';

const labels = { app: 'web', tier: 'front', size: '5', empty: '' };

describe('a label selector', () => {
  test.each([
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['other!=web', true],
    ['app in (web,api)', true],
    ['app notin (web)', false],
    ['app in ()', false],
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
    expect(parseLabelSelector(text)?.matches(labels)).toBe(matches);
  });

  test.each([
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['-a=b', 'unable to parse requirement: <nil>: Invalid value: "-a": name part must consist of'],
    ['a>b', "for 'Gt', 'Lt' operators, the value must be an integer"],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    [',', "found ',', expected: !, identifier, or 'end of string'"],
    ['a,,b', "found ',', expected: identifier after ','"],
  ])('refuses %s', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(message);
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
    expect(() => parseFieldSelector(podResource, 'metadata.name=a=b')).toThrow('unescaped character in value: 61');
    expect(() => parseFieldSelector(configMapResource, 'data=x')).toThrow('"data" is not a known field selector');
  });
});
