/** What skills have in the cluster: made, changed, taken away, and never somebody else's. */
import { describe, expect, test } from 'vitest';
import type { Deployment, KubernetesObject, Service } from '../../../../kubernetes/objects.ts';
import {
  configMaps,
  deployments,
  persistentVolumeClaims,
  type ResourceType,
  secrets,
  services,
} from '../../../../kubernetes/resources.ts';
import { openBench } from '../../bench.fixture.ts';
import type { GatewayOptions } from '../../settings.ts';
import { typesOf } from './kinds.ts';

const base = '/fabric/v4/projects';

const daemon = (name: string, more: object = {}) => ({ name, type: 'daemon', image: `${name}:1`, ...more });
const configMap = (name: string, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...more },
  data: { a: 'b' },
});

/** A skill with an input for each action. */
const skill = (name: string, ...actions: { name: string; type?: string }[]) => ({
  camel: '1.0.0',
  name,
  inputs: actions.map(({ name: action, type = 'daemon' }) => ({
    name: `to-${action.replaceAll('/', '-')}`,
    routing: { all: { action, runtime: `cortex/${type}s`, output: 'response' } },
  })),
  outputs: [{ name: 'response' }],
  actions,
});

async function open(options: Partial<GatewayOptions> = {}) {
  const bench = await openBench(options);
  const { cluster } = bench;
  const save = (document: object, project = 'proj1') =>
    bench.ask(`${base}/${project}/skills`, { method: 'POST', body: document });
  const ask = async (path: string) =>
    (await bench.ask(`${base}/proj1/${path}`)).json as unknown as Record<string, unknown>;
  const namesOf = (type: ResourceType) => cluster.all<KubernetesObject>(type).map(({ metadata }) => metadata?.name);
  /** Why the skill cannot be deployed; a save keeps it all the same, and says so. */
  const refusal = async (document: { name: string }, project = 'proj1') => {
    expect((await save(document, project)).json.message).toContain('saved, but not deployed');
    const answer = await bench.ask(`${base}/${project}/skills/${document.name}/deploy`);
    expect(answer.status).toBe(400);
    return answer.json.message;
  };
  return { ...bench, save, refusal, asked: ask, namesOf };
}

test('a daemon is a Deployment and a Service of one name', async () => {
  const { save, cluster } = await open();
  const action = daemon('serve', {
    command: ['python', 'main.py'],
    port: '8080',
    scaleCount: 2,
    environmentVariables: '"A"="b"',
    podSpec: [{ path: '/containers/0/resources', value: { requests: { memory: '4G' } } }],
  });
  expect((await save(skill('echo', action))).status).toBe(200);
  const deployment = cluster.find<Deployment>(deployments, 'proj1-echo-serve');
  expect(deployment?.spec).toMatchObject({ replicas: 2 });
  const labels = deployment?.spec?.selector.matchLabels ?? {};
  expect(labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'fabric-gateway', 'fabric.orrery.dev/skill': 'echo' });
  expect(deployment?.spec?.template.metadata?.labels).toMatchObject(labels);
  expect(deployment?.spec?.template.spec).toEqual({
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'daemon',
        image: 'serve:1',
        command: ['python', 'main.py'],
        env: [
          { name: 'CORTEX_PROJECT', value: 'proj1' },
          { name: 'CORTEX_URL', value: 'http://cortex-internal.cortex.svc.cluster.local' },
          { name: 'A', value: 'b' },
        ],
        ports: [{ containerPort: 8080 }],
        readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
        resources: { requests: { memory: '4G' } },
      },
    ],
  });
  const service = cluster.find<Service>(services, 'proj1-echo-serve');
  expect(service?.spec).toEqual({ selector: labels, ports: [{ name: 'port-8080', port: 8080, targetPort: 8080 }] });
});

test('saved anew it is changed, and what the new version lacks is taken away', async () => {
  const { save, cluster, namesOf } = await open();
  await save(skill('echo', daemon('one', { k8sResources: [configMap('words'), configMap('more')] }), daemon('two')));
  expect(namesOf(deployments)).toEqual(['proj1-echo-one', 'proj1-echo-two']);
  expect(namesOf(configMaps)).toEqual(['more', 'words']);
  await save(skill('echo', daemon('one', { image: 'one:2', k8sResources: [configMap('words')] })));
  expect(namesOf(deployments)).toEqual(['proj1-echo-one']);
  expect(namesOf(services)).toEqual(['proj1-echo-one']);
  expect(namesOf(configMaps)).toEqual(['words']);
  const { spec } = cluster.find<Deployment>(deployments, 'proj1-echo-one') ?? {};
  expect(spec?.template.spec?.containers[0]?.image).toBe('one:2');
});

test('undeploy and delete take all of it away, and nothing of another skill’s', async () => {
  const { save, ask, asked, namesOf } = await open();
  await save(skill('echo', daemon('serve', { k8sResources: [configMap('words')] })));
  await save(skill('other', daemon('serve')));
  expect(await asked('skills/echo/undeploy')).toMatchObject({ success: true });
  expect([namesOf(deployments), namesOf(configMaps)]).toEqual([['proj1-other-serve'], []]);
  expect(await asked('skills/echo/undeploy')).toMatchObject({ success: true });
  expect(await asked('skills/echo/deploy')).toMatchObject({ success: true });
  expect(namesOf(deployments)).toEqual(['proj1-echo-serve', 'proj1-other-serve']);
  await ask(`${base}/proj1/skills/echo`, { method: 'DELETE' });
  expect([namesOf(deployments), namesOf(services)]).toEqual([['proj1-other-serve'], ['proj1-other-serve']]);
});

describe('a resource that a skill brings', () => {
  test('bears the skill’s labels, stands in the gateway’s namespace, and has neither owner nor finalizer of its own', async () => {
    const { save, cluster } = await open();
    const metadata = { labels: { own: 'x', 'fabric.orrery.dev/skill': 'other' }, annotations: { note: 'y' } };
    const owners = { finalizers: ['a/b'], ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' }] };
    const action = {
      ...daemon('work', { type: 'job' }),
      k8sResources: [JSON.stringify(configMap('words', { ...metadata, ...owners }))],
    };
    expect((await save(skill('s', action))).status).toBe(200);
    const held = cluster.find<KubernetesObject & { data: object }>(configMaps, 'words');
    expect(held?.data).toEqual({ a: 'b' });
    expect(held?.metadata).toMatchObject({
      labels: { own: 'x', 'fabric.orrery.dev/skill': 's' },
      annotations: { note: 'y' },
    });
    expect(held?.metadata?.ownerReferences).toBeUndefined();
    expect(held?.metadata?.finalizers ?? []).toEqual([]);
  });

  const rbac = 'rbac.authorization.k8s.io/v1';
  test.each([
    [
      'of a kind that is not configured',
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
      /no kind that skills may bring: these are ConfigMap, PersistentVolumeClaim/,
    ],
    [
      'that gives rights',
      { apiVersion: rbac, kind: 'RoleBinding', metadata: { name: 'x' } },
      /no kind that skills may bring/,
    ],
    [
      'that runs something',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } },
      /no kind that skills may bring/,
    ],
    ['in another namespace', configMap('x', { namespace: 'kube-system' }), /must stand in namespace default/],
    ['with a name of Fabric’s', configMap('fabric-users'), /Fabric's own/],
  ])('%s is refused, and nothing is made', async (_what, resource, message) => {
    const { refusal, cluster, namesOf } = await open();
    expect(await refusal(skill('s', daemon('serve', { k8sResources: [resource] })))).toMatch(message);
    expect([namesOf(deployments), cluster.all(configMaps)]).toEqual([[], []]);
  });

  test('may be of the kinds that the gateway is given', async () => {
    const { save, refusal, namesOf } = await open({ skillResourceKinds: ['Secret', 'Service'] });
    const of = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: `own-${kind.toLowerCase()}` } });
    expect((await save(skill('s', daemon('serve', { k8sResources: [of('Secret'), of('Service')] })))).status).toBe(200);
    expect([namesOf(secrets), namesOf(services)]).toEqual([['own-secret'], ['own-service', 'proj1-s-serve']]);
    expect(await refusal(skill('s', daemon('serve', { k8sResources: [configMap('x')] })))).toMatch(/no kind/);
  });

  test('twice under one name is refused', async () => {
    const { refusal } = await open();
    const both = [daemon('one', { k8sResources: [configMap('x')] }), daemon('two', { k8sResources: [configMap('x')] })];
    expect(await refusal(skill('s', ...both))).toMatch(/ConfigMap x is brought twice/);
  });
});

test('kinds that nobody can configure are refused at the start', () => {
  expect(() => typesOf(['Pod'])).toThrow(/cannot bring resources of kind Pod, only of ConfigMap/);
  expect(typesOf(['PersistentVolumeClaim'])).toEqual([persistentVolumeClaims]);
});

describe('what is not the skill’s', () => {
  test('is neither changed nor taken away', async () => {
    const { refusal, cluster } = await open();
    cluster.create(configMaps, { metadata: { name: 'words', namespace: 'default' } });
    const before = cluster.find(configMaps, 'words');
    const wanted = skill('s', daemon('serve', { k8sResources: [configMap('words')] }));
    expect(await refusal(wanted)).toContain('ConfigMap words is there already');
    expect(cluster.find(configMaps, 'words')).toEqual(before);
  });

  test('nor is a daemon of another project with the same name', async () => {
    const { save, refusal, cluster } = await open();
    expect((await save(skill('b', daemon('c')), 'p-a')).status).toBe(200);
    const before = cluster.find(deployments, 'p-a-b-c');
    expect(await refusal(skill('a-b', daemon('c')), 'p')).toContain('Deployment p-a-b-c is there already');
    expect(cluster.find(deployments, 'p-a-b-c')).toEqual(before);
  });
});

test('the state of each action is shown: a job is deployed, a daemon as its Deployment says', async () => {
  const { save, asked, cluster } = await open();
  await save(skill('s', daemon('serve', { scaleCount: 2 }), { ...daemon('work'), type: 'job' }));
  const states = async () => (await asked('skills/s?status=true')).actionStatuses;
  const of = (state: string) => [
    { name: 'serve', state },
    { name: 'work', state: 'DEPLOYED' },
  ];
  expect(await states()).toEqual(of('PENDING'));
  const status = (given: object) => cluster.patch(deployments, 'default', 'proj1-s-serve', { status: given });
  status({ readyReplicas: 1 });
  expect(await states()).toEqual(of('PENDING'));
  status({ readyReplicas: 2 });
  expect(await states()).toEqual(of('READY'));
  status({
    readyReplicas: 0,
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
  });
  expect(await states()).toEqual(of('FAILED'));
});

test('what would be made is shown as YAML, and by a dry run, without making it', async () => {
  const { save, ask, asked, cluster } = await open();
  await save(skill('s', daemon('serve')));
  const yaml = (await ask(`${base}/proj1/skills/s?output=k8s`)).text;
  expect(yaml).toContain('kind: Deployment');
  expect(yaml).toContain('kind: Service');
  const before = cluster.calls.length;
  expect(JSON.stringify(await asked('skills/s/deploy?dryrun=true'))).toContain('"kind":"Deployment"');
  expect(cluster.calls.slice(before).filter((call) => !/^(get|list)/.test(call))).toEqual([]);
});
