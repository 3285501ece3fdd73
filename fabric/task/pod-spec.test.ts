/** Wishes for the pod: what they change, what they keep, and what they never get. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PodSpec } from '../../kubernetes/objects.ts';
import { manifestFor } from './manifest.ts';
import { type PodSpecPatch, withPodSpec } from './pod-spec.ts';
import { exampleTask, onceTasks } from './testing.ts';

const base: PodSpec = {
  restartPolicy: 'Never',
  containers: [{ name: 'task', image: 'actor', args: ['{}'], env: [{ name: 'A', value: '1' }] }],
};

function merged(...patches: readonly PodSpecPatch[]) {
  const result = withPodSpec(base, patches);
  if ('issues' in result) throw new Error(JSON.stringify(result.issues));
  return result.spec as PodSpec & Record<string, unknown>;
}

function faults(...patches: readonly PodSpecPatch[]): string[] {
  const result = withPodSpec(base, patches);
  return 'issues' in result ? result.issues.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('a wish', () => {
  test('sets a member of the container, and merges into one that is there', () => {
    const spec = merged(
      { path: '/containers/0/resources', value: { requests: { memory: '4G' } } },
      { path: '/containers/0/resources', value: { requests: { cpu: '1' }, limits: { memory: '5G' } } },
      { path: '/containers/0/resources/requests/cpu', value: '2' },
    );
    expect(spec.containers[0]?.resources).toEqual({ requests: { memory: '4G', cpu: '2' }, limits: { memory: '5G' } });
  });

  test('makes the way to its place', () => {
    const spec = merged({ path: '/securityContext/fsGroup', value: 7 });
    expect(spec).toMatchObject({ ...base, securityContext: { fsGroup: 7 } });
  });

  test('appends with "-", and joins lists', () => {
    const spec = merged(
      { path: '/volumes', value: [{ name: 'a', emptyDir: {} }] },
      { path: '/volumes', value: [{ name: 'b', emptyDir: {} }] },
      { path: '/volumes/-', value: { name: 'c', emptyDir: {} } },
    );
    expect((spec.volumes as { name: string }[]).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('takes the place of what has its name: Kubernetes has no two of one name', () => {
    const spec = merged(
      { path: '/containers/0/env/-', value: { name: 'A', value: '2' } },
      { path: '/containers/0/env', value: [{ name: 'B', value: '3' }] },
      { path: '/containers/0/volumeMounts', value: [{ name: 'v', mountPath: '/a' }] },
      { path: '/containers/0/volumeMounts', value: [{ name: 'v', mountPath: '/b' }] },
    );
    expect(spec.containers[0]?.env).toEqual([
      { name: 'A', value: '2' },
      { name: 'B', value: '3' },
    ]);
    expect(spec.containers[0]?.volumeMounts).toHaveLength(2);
  });

  test('takes a member away with null', () => {
    const spec = merged({ path: '/dnsPolicy', value: 'None' }, { path: '/dnsPolicy', value: null });
    expect(spec).toEqual(base);
  });

  test('names members with "/" and "~" as RFC 6901 says', () => {
    const spec = merged({ path: '/nodeSelector/example.com~1a~0b', value: 'x' });
    expect(spec.nodeSelector).toEqual({ 'example.com/a~b': 'x' });
  });
});

describe('what would break a promise is refused, wherever the pointer ends', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['/restartPolicy', 'Always'],
    ['/containers', []],
    ['/containers/0', { name: 'other' }],
    ['/containers/-', { name: 'second', image: 'x' }],
    ['/containers/1/image', 'x'],
    ['/containers/0/name', 'x'],
    ['/containers/0/image', 'x'],
    ['/containers/0/command', ['sh']],
    ['/containers/0/command/0', 'sh'],
    ['/containers/0/args', []],
    ['/containers/0/args/-', 'x'],
    ['/containers/0/restartPolicy', 'Always'],
    ['/containers/0/env/0/value', 'x'],
    ['/ephemeralContainers', []],
    ['', {}],
    ['/', {}],
    ['/serviceAccountName', 'fabric-gateway'],
    ['/serviceAccount', 'fabric-gateway'],
    ['/automountServiceAccountToken', true],
    ['/hostNetwork', true],
    ['/hostPID', true],
    ['/hostIPC', true],
    ['/nodeName', 'node-1'],
    ['/volumes', [{ name: 'a', hostPath: { path: '/' } }]],
    ['/volumes/-', { name: 'a', hostPath: { path: '/' } }],
    ['/volumes/0/hostPath', { path: '/' }],
    ['/volumes/0/hostPath/path', '/'],
    ['/volumes/-', { name: 'a', secret: { secretName: 'fabric-services' } }],
    ['/volumes/0/secret/secretName', 'fabric-services'],
    ['/volumes/0/projected/sources/0/secret/name', 'fabric-users'],
    ['/volumes/-', { name: 'a', projected: { sources: [{ secret: { name: 'fabric-users' } }] } }],
    ['/volumes/-', { name: 'a', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    ['/containers/0/env/-', { name: 'K', valueFrom: { secretKeyRef: { name: 'fabric-services', key: 'credential' } } }],
    ['/containers/0/envFrom', [{ secretRef: { name: 'fabric-services' } }]],
    ['/containers/0/envFrom/0/secretRef/name', 'fabric-services'],
    ['/initContainers', [{ name: 'i', image: 'x', securityContext: { privileged: true } }]],
    ['/containers/0/securityContext', { privileged: true }],
    ['/containers/0/securityContext/privileged', true],
    ['/containers/0/securityContext/allowPrivilegeEscalation', true],
    ['/containers/0/securityContext/capabilities/add', ['SYS_ADMIN']],
    ['/containers/0/securityContext/capabilities/add/-', 'NET_ADMIN'],
    ['/containers/0/securityContext/seccompProfile/type', 'Unconfined'],
    ['/containers/0/ports', [{ containerPort: 80, hostPort: 80 }]],
    ['/containers/0/ports/-', { containerPort: 80, hostPort: 80 }],
    ['/containers/0/ports/0/hostPort', 80],
    ['/__proto__/x', 1],
    ['restartPolicy', 'Always'],
    ['/volumes/7', {}],
    ['/restartPolicy/x', 1],
    ['/containers/0/tty/x', 1],
  ];
  test.each(refused)('%s %j', (path, value) => {
    const before = { path: '/containers/0/tty', value: true };
    const [fault, ...more] = faults(before, { path, value });
    expect(more).toEqual([]);
    expect(fault).toMatch(/^spec\.podSpec\[1\]: "/);
  });

  test('in two steps as well as in one', () => {
    const name = { path: '/containers/0/envFrom/-', value: { secretRef: {} } };
    expect(faults(name, { path: '/containers/0/envFrom/0/secretRef/name', value: 'fabric-services' })).toHaveLength(1);
  });

  test('Secrets of the user’s own are none of it', () => {
    const secretKeyRef = { name: 'weather-key', key: 'key' };
    expect(faults({ path: '/containers/0/env/-', value: { name: 'K', valueFrom: { secretKeyRef } } })).toEqual([]);
  });

  test('what is allowed besides stays allowed', () => {
    const allowed = [
      ['/automountServiceAccountToken', false],
      ['/containers/0/securityContext', { privileged: false, runAsUser: 7, capabilities: { drop: ['ALL'] } }],
      ['/containers/0/securityContext/capabilities/add', ['NET_BIND_SERVICE']],
      ['/tolerations', [{ key: 'gpu', operator: 'Exists' }]],
      ['/imagePullSecrets', [{ name: 'registry' }]],
      ['/initContainers', [{ name: 'fetch', image: 'fetch' }]],
    ] as const;
    expect(faults(...allowed.map(([path, value]) => ({ path, value })))).toEqual([]);
  });

  test('all faults are said at once, each with its place', () => {
    expect(faults({ path: '/hostPID', value: true }, { path: '/x', value: 1 }, { path: 'y', value: 1 })).toEqual([
      expect.stringContaining('spec.podSpec[0]'),
      expect.stringContaining('spec.podSpec[2]'),
    ]);
  });

  test('too much is refused before it is in an annotation of the Job', () => {
    expect(faults({ path: '/nodeSelector/a', value: 'x'.repeat(70_000) })).toEqual([
      expect.stringMatching(/^spec\.podSpec: has \d+ bytes, at most 65536/),
    ]);
  });
});

/** Any pointer of the words that matter, and any value of them. */
const steps = fc.constantFrom(
  ...['containers', '0', '1', '-', 'restartPolicy', 'name', 'image', 'args', 'command', 'env', 'volumes', 'secret'],
  ...[
    'secretName',
    'hostPath',
    'hostNetwork',
    'serviceAccountName',
    'securityContext',
    'privileged',
    '~0',
    '__proto__',
  ],
);
const pointers = fc.array(steps, { maxLength: 5 }).map((parts) => parts.map((part) => `/${part}`).join(''));
const values = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(steps, fc.constantFrom<unknown>(true, 'fabric-services', {}, [{ name: 'fabric-users' }]), {
    maxKeys: 4,
  }),
);
const patchLists = fc.array(fc.record({ path: pointers, value: values }), { maxLength: 6 });

describe('whatever is wished for', () => {
  test('the promises stand, what was there is not changed, and the same gives the same', () => {
    fc.assert(
      fc.property(patchLists, (patches) => {
        const before = structuredClone(base);
        const result = withPodSpec(base, patches);
        expect(base).toEqual(before);
        expect(withPodSpec(base, patches)).toEqual(result);
        if ('issues' in result) {
          expect(result.issues.length).toBeGreaterThan(0);
          return;
        }
        const { spec } = result;
        const [container, ...more] = spec.containers;
        expect(more).toEqual([]);
        expect(container).toMatchObject({ name: 'task', image: 'actor', args: ['{}'] });
        expect(container).not.toHaveProperty('command');
        expect(spec.restartPolicy).toBe('Never');
        expect(spec).not.toHaveProperty('serviceAccountName');
        expect(spec).not.toHaveProperty('hostNetwork');
        expect(JSON.stringify(spec)).not.toMatch(/"hostPath"|"privileged":true|"secretName":"fabric-/);
        expect(Object.getPrototypeOf({}).polluted).toBeUndefined();
      }),
      { numRuns: 2_000 },
    );
  });

  test('a Task’s own words are in its Job as they are without any', () => {
    fc.assert(
      fc.property(onceTasks, (task) => {
        const podOf = (given: typeof task) => {
          const mapped = manifestFor(given);
          return mapped.kind === 'Job' ? mapped.manifest.spec?.template.spec : undefined;
        };
        const [plain, wished] = [podOf({ ...task, spec: { ...task.spec, podSpec: [] } as never }), podOf(task)];
        const own = (pod: PodSpec | undefined) => {
          const { name, image, command, args } = pod?.containers[0] ?? {};
          return { name, image, command, args, restartPolicy: pod?.restartPolicy };
        };
        expect(own(wished)).toEqual(own(plain));
        const variables = plain?.containers[0]?.env ?? [];
        expect(wished?.containers[0]?.env?.slice(0, variables.length) ?? []).toEqual(variables);
      }),
    );
  });

  test('a Task with one that cannot be is refused with its place', () => {
    const task = exampleTask({ podSpec: [{ path: '/hostNetwork', value: true }] });
    expect(() => manifestFor(task)).toThrow(/spec\.podSpec\[0\].*must not reach its node/);
  });
});
