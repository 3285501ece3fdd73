import { describe, expect, it } from 'vitest';
import { builtInKinds, structureFromSchema, structureOf, structureVersion } from './structure.ts';

describe('structure of built-in kinds', () => {
  it('knows the kinds that the simulator serves', () => {
    const served = [
      ['', 'v1', 'Pod'],
      ['', 'v1', 'Event'],
      ['batch', 'v1', 'Job'],
      ['batch', 'v1', 'CronJob'],
      ['apps', 'v1', 'Deployment'],
      ['coordination.k8s.io', 'v1', 'Lease'],
      ['events.k8s.io', 'v1', 'Event'],
      ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition'],
      ['rbac.authorization.k8s.io', 'v1', 'ClusterRole'],
      ['policy', 'v1', 'Eviction'],
      ['policy', 'v1', 'PodDisruptionBudget'],
      ['authorization.k8s.io', 'v1', 'SelfSubjectAccessReview'],
      ['authentication.k8s.io', 'v1', 'TokenReview'],
      ['discovery.k8s.io', 'v1', 'EndpointSlice'],
    ];
    for (const [group = '', version = '', kind = ''] of served) {
      expect(structureOf(group, version, kind)?.fields?.get('metadata')?.type).toBe('object');
    }
    expect(builtInKinds().length).toBeGreaterThan(100);
    expect(structureVersion()).toMatch(/^v1\.\d+\.\d+$/);
  });

  it('has no structure for kinds that do not exist', () => {
    expect(structureOf('batch', 'v1', 'Nothing')).toBeUndefined();
    expect(structureOf('', 'v1', 'constructor')).toBeUndefined();
  });

  it('carries list keys, patch strategies, formats and required fields', () => {
    const pod = structureOf('', 'v1', 'Pod')?.fields?.get('spec');
    const container = pod?.fields?.get('containers')?.items;
    expect(container?.fields?.get('ports')).toMatchObject({
      type: 'list',
      listType: 'map',
      keys: ['containerPort', 'protocol'],
      mergeKey: 'containerPort',
      strategies: ['merge'],
    });
    expect(pod?.fields?.get('nodeSelector')).toMatchObject({ type: 'map', mapType: 'atomic' });
    expect(pod?.fields?.get('volumes')?.strategies).toEqual(['merge', 'retainKeys']);
    expect(pod?.required).toEqual(['containers']);
    expect(container?.fields?.get('resources')?.fields?.get('limits')?.values?.type).toBe('quantity');
    expect(
      structureOf('coordination.k8s.io', 'v1', 'Lease')?.fields?.get('spec')?.fields?.get('renewTime')?.format,
    ).toBe('micro-time');
  });

  it('follows types that contain themselves', () => {
    const versions = structureOf('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition')?.fields?.get('spec');
    const schema = versions?.fields?.get('versions')?.items?.fields?.get('schema')?.fields?.get('openAPIV3Schema');
    const nested = schema?.fields?.get('properties')?.values?.fields?.get('properties')?.values;
    expect(nested?.fields?.get('type')?.type).toBe('string');
  });
});

describe('structure of custom resources', () => {
  it('adds apiVersion, kind and metadata', () => {
    const structure = structureFromSchema({ type: 'object', properties: { spec: { type: 'object' } } });
    expect([...(structure.fields?.keys() ?? [])].sort()).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(structure.fields?.get('metadata')?.fields?.get('finalizers')?.listType).toBe('set');
  });

  it('takes what keeps unknown fields and declares none for anything', () => {
    const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    const known = { ...free, properties: { a: { type: 'string' } } };
    const structure = structureFromSchema({ type: 'object', properties: { free, known } });
    expect(structure.fields?.get('free')?.type).toBe('any');
    expect(structure.fields?.get('known')).toMatchObject({ type: 'object', open: true });
  });
});
