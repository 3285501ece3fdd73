/** What a scenario's Fabric is deployed from: the files of deploy/base, changed in nothing but what this test names. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Deployment } from '../../../../kubernetes/objects.ts';
import { realRandom } from '../../../../world/real/random.ts';
import { packageFolder, version } from '../../../package.ts';
import { findProgram } from '../../controlplane/parts.ts';
import type { FabricSettings } from '../../environment.ts';
import { newIdentity } from '../../identity.ts';
import { isDeployment, type Manifest, readBase, render } from './manifests.ts';
import { typeOf } from './services.ts';

const base = readBase();
const identity = newIdentity(realRandom);
const rendered = (settings: FabricSettings = {}, namespace = 'trial'): Manifest[] =>
  render(base, {
    namespace,
    labels: { 'orrery.dev/run': 'abc' },
    settings,
    identity,
    apiHost: 'api.example',
    imageOf: (image) => `${image}:v7`,
  });
const named = (manifests: readonly Manifest[]) => manifests.map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
const deploymentOf = (manifests: readonly Manifest[], name: string): Deployment | undefined =>
  manifests.filter(isDeployment).find(({ metadata }) => metadata?.name === name);
const containerOf = (manifests: readonly Manifest[], name: string) =>
  deploymentOf(manifests, name)?.spec?.template.spec?.containers[0];
const variablesOf = (manifests: readonly Manifest[], name: string) =>
  Object.fromEntries((containerOf(manifests, name)?.env ?? []).map(({ name: key, value }) => [key, value]));

/** All members of that name, wherever they are. */
function membersOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    ...(key === name ? [member] : []),
    ...membersOf(member, name),
  ]);
}

describe('manifests for a scenario', () => {
  test('are all in its namespace, accounts of bindings included, and carry the run’s label', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/), (namespace) => {
        const manifests = rendered({}, namespace);
        expect(new Set(membersOf(manifests, 'namespace'))).toEqual(new Set([namespace]));
        for (const { metadata } of manifests) {
          expect(metadata).toMatchObject({ namespace, labels: { 'orrery.dev/run': 'abc' } });
        }
      }),
    );
  });

  test('are of kinds that belong to a namespace, and give rights in no other', () => {
    const manifests = rendered();
    expect(new Set(manifests.map(({ kind }) => kind))).toEqual(
      new Set(['Secret', 'ServiceAccount', 'Role', 'RoleBinding', 'Service', 'Deployment', 'NetworkPolicy']),
    );
    expect(membersOf(manifests, 'roleRef')).toEqual(
      ['operator', 'gateway'].map((name) => expect.objectContaining({ kind: 'Role', name: `fabric-${name}` })),
    );
    expect(membersOf(manifests, 'verbs').flat()).not.toContain('*');
  });

  test('have our images by the name that the cluster has for them, and pods with the run’s label', () => {
    const manifests = rendered();
    for (const service of ['operator', 'gateway', 'content']) {
      expect(containerOf(manifests, service)?.image).toBe(`orrery/${service}:v7`);
      const template = deploymentOf(manifests, service)?.spec?.template.metadata?.labels;
      expect(template).toMatchObject({ 'app.kubernetes.io/name': service, 'orrery.dev/run': 'abc' });
    }
  });

  test('differ from what a user applies in labels, images, requests, secrets, two names and one policy alone', () => {
    const createsProjects = ',{"name":"FABRIC_CREATE_PROJECTS","value":"true"}';
    const manifests = render(base, {
      namespace: 'fabric',
      labels: {},
      settings: {},
      identity,
      apiHost: 'api.example',
      imageOf: (image) => `${image}:${version}`,
    });
    const without = (object: Manifest) => {
      const text = JSON.stringify(object, (key, value: unknown) => (key === 'requests' ? undefined : value));
      return JSON.parse(text.replaceAll(',api.example', '').replace(createsProjects, '')) as Manifest;
    };
    const theirs = kustomized();
    if (theirs === undefined) return process.stderr.write('not compared with kubectl kustomize: no kubectl here\n');
    const wanted = theirs
      .filter(({ kind }) => kind !== 'Namespace' && kind !== 'CustomResourceDefinition')
      .map(without);
    const byName = (left: Manifest, right: Manifest) => (named([left]).join() < named([right]).join() ? -1 : 1);
    const own = (object: Manifest) => object.kind === 'Secret' || object.metadata?.name === 'harness-comes-in';
    const ours = manifests.filter((object) => !own(object)).map(without);
    expect(ours.sort(byName)).toEqual(wanted.sort(byName));
  });

  test('keep probes, limits and security contexts as they are', () => {
    for (const service of ['operator', 'gateway', 'content']) {
      const [was, is] = [containerOf(base.objects, service), containerOf(rendered(), service)];
      expect(was?.resources?.limits).toBeDefined();
      for (const member of ['startupProbe', 'livenessProbe', 'readinessProbe', 'securityContext', 'args'] as const) {
        expect(is?.[member]).toEqual(was?.[member]);
      }
      expect(is?.resources?.limits).toEqual(was?.resources?.limits);
    }
  });

  test('have services asked under their own names, their pod’s address, and the API server’s, which passes requests on', () => {
    const namesOf = {
      gateway: ['gateway', 'cortex-internal', 'cortex-accounts', 'cortex-connections'],
      content: ['content'],
    };
    for (const [service, named] of Object.entries(namesOf)) {
      const { FABRIC_ALLOW_HOST: names = '' } = variablesOf(rendered(), service);
      const ends = ['', '.$(FABRIC_NAMESPACE)', '.$(FABRIC_NAMESPACE).svc', '.$(FABRIC_NAMESPACE).svc.cluster.local'];
      const own = named.flatMap((name) => ends.map((end) => name + end));
      expect(names.split(',').map((name) => name.trim())).toEqual([...own, '$(FABRIC_POD_ADDRESS)', 'api.example']);
      const known = (containerOf(rendered(), service)?.env ?? []).map(({ name }) => name);
      // A variable knows those before it alone.
      expect(known.indexOf('FABRIC_ALLOW_HOST')).toBeGreaterThan(known.indexOf('FABRIC_POD_ADDRESS'));
      expect(known.indexOf('FABRIC_ALLOW_HOST')).toBeGreaterThan(known.indexOf('FABRIC_NAMESPACE'));
    }
  });

  test('lead jobs and daemons of that namespace to its gateway, by the names and ports that their SDK asks', () => {
    const manifests = rendered({}, 'trial');
    expect(variablesOf(manifests, 'gateway').FABRIC_API_ENDPOINT).toBe(
      'http://cortex-internal.$(FABRIC_NAMESPACE).svc.cluster.local',
    );
    const services = manifests.filter(
      ({ kind, metadata }) => kind === 'Service' && metadata?.name?.startsWith('cortex-'),
    );
    expect(services.map(({ metadata }) => [metadata?.name, metadata?.namespace])).toEqual([
      ['cortex-internal', 'trial'],
      ['cortex-accounts', 'trial'],
      ['cortex-connections', 'trial'],
    ]);
    // CORTEX_ACCOUNTS_SERVICE_PORT_HTTP_CORTEX_ACCOUNTS is what Kubernetes makes of these names (contract 3.13).
    expect(services.map((service) => membersOf(service, 'ports')[0])).toEqual([
      [{ name: 'http', port: 80, targetPort: 'http' }],
      [{ name: 'http-cortex-accounts', port: 5000, targetPort: 'http' }],
      [{ name: 'http-cortex-connections', port: 4450, targetPort: 'http' }],
    ]);
    const gateway = deploymentOf(manifests, 'gateway')?.spec?.selector.matchLabels;
    for (const service of services) expect(membersOf(service, 'selector')).toEqual([gateway]);
  });

  test('of a Fabric without a gateway have no Services that lead to one', () => {
    expect(named(rendered({ gateway: false })).filter((name) => /gateway|cortex|daemons/.test(name))).toEqual([]);
  });

  test('let the harness in to gateway and content, and nobody to the operator', () => {
    const policy = rendered().find(({ metadata }) => metadata?.name === 'harness-comes-in');
    expect(membersOf(policy, 'values')[0]).toEqual(['gateway', 'content']);
    expect(membersOf(policy, 'ports')).toEqual([[{ port: 'http' }]]);
  });
});

describe('settings of a scenario', () => {
  test('without a gateway there is nothing of it, and nobody is told of one', () => {
    const manifests = rendered({ gateway: false });
    expect(named(manifests).filter((name) => name.includes('gateway'))).toEqual([]);
    expect(variablesOf(manifests, 'operator')).not.toHaveProperty('FABRIC_GATEWAY_URL');
    expect(variablesOf(manifests, 'operator')).toHaveProperty('FABRIC_CONTENT_URL');
  });

  test('without content neither operator nor gateway is told of it', () => {
    const manifests = rendered({ content: false });
    expect(named(manifests).filter((name) => name.includes('content'))).toEqual([]);
    for (const service of ['operator', 'gateway']) {
      expect(variablesOf(manifests, service)).not.toHaveProperty('FABRIC_CONTENT_URL');
    }
  });

  test('of the operator are its variables', () => {
    const variables = variablesOf(rendered({ reportsPerSecond: 5, logTtlSeconds: 60 }), 'operator');
    expect(variables).toMatchObject({ FABRIC_REPORTS_PER_SECOND: '5', FABRIC_LOG_TTL: '60' });
    expect(variablesOf(rendered(), 'operator')).not.toHaveProperty('FABRIC_LOG_TTL');
  });
});

test('each kind has its path', () => {
  const paths = rendered().map((object) => [object.kind, typeOf(object).plural, typeOf(object).group]);
  expect(Object.fromEntries(paths.map(([kind, ...path]) => [kind, path.join('.')]))).toEqual({
    Secret: 'secrets.',
    ServiceAccount: 'serviceaccounts.',
    Role: 'roles.rbac.authorization.k8s.io',
    RoleBinding: 'rolebindings.rbac.authorization.k8s.io',
    Service: 'services.',
    Deployment: 'deployments.apps',
    NetworkPolicy: 'networkpolicies.networking.k8s.io',
  });
});

/** deploy/base as kubectl puts it together; undefined without a kubectl. */
function kustomized(): Manifest[] | undefined {
  const kubectl = findProgram('kubectl');
  if (kubectl === undefined) return undefined;
  const { stdout } = spawnSync(kubectl, ['kustomize', join(packageFolder, 'deploy/base')], { encoding: 'utf8' });
  return parseAllDocuments(stdout).map((document) => document.toJSON() as Manifest);
}
