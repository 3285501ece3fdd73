/**
 * The go.mod files that a control plane is built from say what the Go toolchain needs, and refuse what they do not
 * know.
 */
import { describe, expect, test } from 'vitest';
import { etcdModule, kubernetesModule, linkerFlags, stagingVersion, UnknownModuleShapeError } from './modules.ts';

const versions = { kubernetes: '1.36.3', etcd: '3.6.16' };
const staged = (path: string) => ({ Old: { Path: path }, New: { Path: `./staging/src/${path}` } });

describe('the module that builds Kubernetes', () => {
  test('replaces each staging module by its published version, and nothing else', () => {
    const other = { Old: { Path: 'example.com/a' }, New: { Path: 'example.com/b', Version: 'v1.0.0' } };
    const text = kubernetesModule(
      { Go: '1.26.0', Replace: [staged('k8s.io/api'), other, staged('k8s.io/client-go')] },
      versions,
    );
    expect(text).toContain('require k8s.io/kubernetes v1.36.3');
    expect(text.match(/=>/g)).toHaveLength(2);
    expect(text).toContain('\tk8s.io/client-go => k8s.io/client-go v0.36.3\n');
  });

  test('is refused when upstream no longer replaces its staging modules', () => {
    expect(() => kubernetesModule({ Go: '1.26.0', Replace: null }, versions)).toThrow(UnknownModuleShapeError);
  });

  test.each([
    ['1.36.3', 'v0.36.3'],
    ['1.37.0-rc.1', 'v0.37.0-rc.1'],
  ])('of Kubernetes %s takes staging modules %s', (kubernetes, expected) => {
    expect(stagingVersion(kubernetes)).toBe(expected);
  });

  test.each(['2.0.0', 'v1.36.3', '1.36', 'latest'])('does not guess what Kubernetes %s is', (kubernetes) => {
    expect(() => stagingVersion(kubernetes)).toThrow(UnknownModuleShapeError);
  });
});

test('the module that builds etcd requires all its parts at one version', () => {
  expect(etcdModule(versions, '1.26.0').match(/ v3\.6\.16$/gm)).toHaveLength(5);
});

test('the programs tell the version that they were built from', () => {
  expect(linkerFlags(versions)).toContain('-X k8s.io/component-base/version.gitMinor=36 ');
});
