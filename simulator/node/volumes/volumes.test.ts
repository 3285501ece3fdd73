/** Volumes of pods: what containers find where they mount them. */
import { expect, test } from 'vitest';
import type { ConfigMap, Pod, Secret } from '../../../kubernetes/objects.ts';
import { configMaps, pods, secrets } from '../../../kubernetes/resources.ts';
import { FileNotFoundError } from '../../../world/files.ts';
import { main, recorded, startCluster } from '../node.fixture.ts';
import type { Program } from '../runtimes/programs/program.ts';
import { containerFiles } from './container-files.ts';
import { PodVolumes } from './pod-volumes.ts';

/** Writes what its arguments name (`path=text`), then prints the files that it names without one. */
const files: Program = async ({ files: own, args, write }) => {
  for (const argument of args) {
    const [path = '', text] = argument.split('=');
    if (text !== undefined) await own.write(path, text);
    else await write(`${path}: ${(await own.status(path)) ? await own.read(path) : 'none'}\n`);
  }
  return args.includes('fail') ? 1 : 0;
};

const mount = (name: string, mountPath: string, more: object = {}) => ({ name, mountPath, ...more });

test('an emptyDir is shared by the containers of a pod and outlives their restarts; what lies beside it does not', async () => {
  let starts = 0;
  const program: Program = async (context) => {
    starts += 1;
    await files({ ...context, args: ['/data/shared', '/tmp/own'] });
    if (starts === 1) await files({ ...context, args: ['/data/shared=1', '/tmp/own=2'] });
    return starts === 1 ? 1 : 0;
  };
  const { simulation, create, log, get } = await startCluster({ programs: { p: program, files } });
  const volumeMounts = [mount('data', '/data')];
  await create('p', {
    restartPolicy: 'OnFailure',
    volumes: [{ name: 'data', emptyDir: {} }],
    containers: [main('p', { volumeMounts })],
  });
  await simulation.advance(30_000);
  expect((await get('p')).status?.phase).toBe('Succeeded');
  expect(await log('p')).toBe('/data/shared: 1\n/tmp/own: none\n');
});

test('config maps, secrets and fields of the pod are files; items choose keys, a subPath one file', async () => {
  const { simulation, client, create, log } = await startCluster({ programs: { files } });
  const metadata = { name: 'x', namespace: 'default' };
  await simulation.run(client.create<ConfigMap>(configMaps, 'default', { metadata, data: { a: 'A', b: 'B' } }));
  const data = { key: Buffer.from('hidden').toString('base64') };
  await simulation.run(client.create<Secret>(secrets, 'default', { metadata, data }));
  const fields = [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }];
  const volumes = [
    { name: 'map', configMap: { name: 'x' } },
    { name: 'some', projected: { sources: [{ configMap: { name: 'x', items: [{ key: 'b', path: 'deep/c' }] } }] } },
    { name: 'secret', secret: { secretName: 'x' } },
    {
      name: 'fields',
      downwardAPI: { items: [...fields, { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
    },
  ];
  const volumeMounts = [
    mount('map', '/map'),
    mount('map', '/one/a', { subPath: 'a' }),
    mount('some', '/some'),
    mount('secret', '/secret'),
    mount('fields', '/fields'),
  ];
  const paths = [
    '/map/a',
    '/map/b',
    '/one/a',
    '/some/deep/c',
    '/some/b',
    '/secret/key',
    '/fields/name',
    '/fields/labels',
  ];
  await create('p', { volumes, containers: [main('files', { volumeMounts, args: paths })] });
  await simulation.advance(5_000);
  const contents = ['A', 'B', 'A', 'B', 'none', 'hidden', 'p', 'app="test"'];
  expect(await log('p')).toBe(paths.map((path, index) => `${path}: ${contents[index]}\n`).join(''));
});

test('a pod waits for a config map that is missing, and an event says so', async () => {
  const { simulation, client, create, get, events } = await startCluster({ programs: { files } });
  const volumes = [{ name: 'map', configMap: { name: 'late' } }];
  await create('p', { volumes, containers: [main('files', { volumeMounts: [mount('map', '/map')] })] });
  await simulation.advance(5_000);
  expect((await get('p')).status?.containerStatuses?.[0]?.state?.waiting).toEqual({ reason: 'ContainerCreating' });
  expect(await events('p')).toContain('FailedMount');
  const metadata = { name: 'late', namespace: 'default' };
  await simulation.run(client.create<ConfigMap>(configMaps, 'default', { metadata, data: {} }));
  await simulation.advance(15_000);
  expect((await get('p')).status?.phase).toBe('Succeeded');
});

test('a hostPath is of the node, and other pods find what one has left', async () => {
  const { simulation, create, log } = await startCluster({ programs: { files } });
  const volumes = [{ name: 'host', hostPath: { path: '/tmp/kept', type: 'DirectoryOrCreate' } }];
  const containers = (args: string[]) => [main('files', { volumeMounts: [mount('host', '/data')], args })];
  await create('first', { volumes, containers: containers(['/data/note=left']) });
  await simulation.advance(5_000);
  await create('second', { volumes, containers: containers(['/data/note']) });
  await simulation.advance(5_000);
  expect(await log('second')).toBe('/data/note: left\n');
});

test('a volume that is not simulated is told, a token that a program cannot use is not', async () => {
  const { simulation, create, events } = await startCluster({ programs: { files } });
  const token = { name: 'kube-api-access-x', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
  const claim = { name: 'claim', persistentVolumeClaim: { claimName: 'c' } };
  await create('silent', {
    volumes: [token],
    containers: [main('files', { volumeMounts: [mount(token.name, '/run')] })],
  });
  await create('asks', { volumes: [claim], containers: [main('files', { volumeMounts: [mount('claim', '/claim')] })] });
  await simulation.advance(5_000);
  expect(await events('silent')).not.toContain('NotSimulated');
  expect(await events('asks')).toContain('NotSimulated');
});

test('a local program gets the token of its service account, the authority and the namespace', async () => {
  const { simulation, client, world, create } = await startCluster({ programs: { files: recorded(files).program } });
  const pod: Pod = await create('p', { serviceAccountName: 'default', containers: [main('files')] });
  const sources = [
    { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
  ];
  const volumes = new PodVolumes({ files: world.files, folder: '/pods' });
  const container = main('files', { volumeMounts: [mount('access', '/var/run/secrets/kubernetes.io/serviceaccount')] });
  const context = {
    client,
    pod: {
      ...pod,
      spec: { ...pod.spec, containers: [container], volumes: [{ name: 'access', projected: { sources } }] },
    },
    nodeName: 'node-1',
    hostAddress: '10.0.0.1',
    podAddress: '10.0.0.2',
  };
  const request = { container, environment: {}, context };
  expect(await simulation.run(volumes.mountsOf({ ...request, withToken: false }))).toEqual([]);
  const [access] = await simulation.run(volumes.mountsOf({ ...request, withToken: true }));
  expect(access?.path).toBe('/var/run/secrets/kubernetes.io/serviceaccount');
  const read = async (name: string) => String(await world.files.read(`${access?.folder}/${name}`));
  expect(await simulation.run(read('namespace'))).toBe('default');
  const [, claims = ''] = (await simulation.run(read('token'))).split('.');
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    sub: 'system:serviceaccount:default:default',
  });
});

test('volumes go with their pod', async () => {
  const { simulation, client, world, create } = await startCluster({ programs: { files } });
  const volumes = [{ name: 'data', emptyDir: {} }];
  const containers = [main('files', { volumeMounts: [mount('data', '/data')], args: ['/data/x=1'] })];
  const pod = await create('p', { volumes, containers });
  await simulation.advance(5_000);
  const folder = `/var/orrery/node-1/pods/${pod.metadata?.uid}`;
  expect(await simulation.run(world.files.list(`${folder}/volumes.d/data`))).toEqual(['x']);
  await simulation.run(client.delete(pods, 'default', 'p'));
  await simulation.advance(5_000);
  expect(await simulation.run(world.files.list(folder))).toEqual([]);
});

test('paths are plain, the innermost mount counts, and what is read-only stays as it is', async () => {
  const { simulation, world } = await startCluster();
  const own = containerFiles(world.files, '/root', [
    { path: '/data', folder: '/one', readOnly: false },
    { path: '/data/deep', folder: '/two', readOnly: true },
  ]);
  await simulation.run(own.write('/data//a/../b', 'x'));
  expect(String(await simulation.run(world.files.read('/one/b')))).toBe('x');
  await expect(simulation.run(own.write('/data/deep/x', 'x'))).rejects.toThrow('Read-only file system');
  await expect(simulation.run(own.read('/database'))).rejects.toThrow(FileNotFoundError);
  expect(await simulation.run(own.list('/data'))).toEqual(['b', 'deep']);
  expect(await simulation.run(own.status('/tmp'))).toMatchObject({ kind: 'folder' });
});

test('a key of any name is a file, also one that every object of JavaScript has', async () => {
  const { simulation, client, create, log } = await startCluster({ programs: { files } });
  const metadata = { name: 'x', namespace: 'default' };
  const data = Object.fromEntries([
    ['__proto__', 'A'],
    ['constructor', 'B'],
  ]);
  await simulation.run(client.create<ConfigMap>(configMaps, 'default', { metadata, data }));
  const items = [{ key: '__proto__', path: 'toString' }];
  await create('p', {
    volumes: [
      { name: 'map', configMap: { name: 'x' } },
      { name: 'some', configMap: { name: 'x', items } },
    ],
    containers: [
      main('files', {
        args: ['/map/__proto__', '/map/constructor', '/some/toString'],
        volumeMounts: [mount('map', '/map'), mount('some', '/some')],
      }),
    ],
  });
  await simulation.advance(5_000);
  expect(await log('p')).toBe('/map/__proto__: A\n/map/constructor: B\n/some/toString: A\n');
});

test('no variable leads a subPath out of its volume', async () => {
  const { simulation, create, get, events, world } = await startCluster({ programs: { files } });
  const volumeMounts = [mount('data', '/data', { subPathExpr: '$(WHERE)' })];
  const env = [{ name: 'WHERE', value: 'a/../../../../elsewhere' }];
  await create('p', {
    volumes: [{ name: 'data', emptyDir: {} }],
    containers: [main('files', { args: ['/data/x=1'], env, volumeMounts })],
  });
  await simulation.advance(5_000);
  expect([(await get('p')).status?.phase, await events('p')]).toEqual([
    'Pending',
    expect.arrayContaining(['FailedMount']),
  ]);
  expect(await simulation.run(world.files.list('/var/orrery/node-1'))).not.toContain('elsewhere');
});
