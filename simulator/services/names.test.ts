/** What host names mean in a cluster. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isOfCluster, parseServiceName } from './names.ts';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((text) => text !== 'svc');

test('a Service is named by itself, with its namespace, and with the zone', () => {
  fc.assert(
    fc.property(label, label, (service, namespace) => {
      expect(parseServiceName(service)).toEqual({ service });
      for (const zone of ['', '.svc', '.svc.cluster.local', '.svc.cluster.local.']) {
        expect(parseServiceName(`${service}.${namespace}${zone}`)).toEqual({ service, namespace });
      }
    }),
  );
});

test('a pod of a headless Service is named with the zone alone: a.b.c may be anybody outside', () => {
  expect(parseServiceName('pod.s.n.svc.cluster.local')).toEqual({ hostname: 'pod', service: 's', namespace: 'n' });
  expect(parseServiceName('pod.s.n')).toBeUndefined();
  expect(parseServiceName('a.b.c.d.svc.cluster.local')).toBeUndefined();
});

test.each([
  ['s.n.svc.cluster.local', true],
  ['s.n.svc', true],
  ['10-1-2-3.n.pod.cluster.local', true],
  ['s.n', false],
  ['example.com', false],
  ['svc.example.com', false],
])('nobody outside is asked for %s: %s', (host, expected) => {
  expect(isOfCluster(host)).toBe(expected);
});
