import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { version } from '../../package.ts';
import { environmentKind, NoContextError, UnknownEnvironmentError } from '../kinds.ts';
import { imageIn, isLocal, kubeconfigKind, NotConfirmedError, UnknownContextError } from './kind.ts';

let folder: string;
let kubeconfig: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-kubeconfig-'));
  kubeconfig = join(folder, 'config');
  const contexts = [{ name: 'far', context: { cluster: 'far', user: 'me' } }];
  const clusters = [{ name: 'far', cluster: { server: 'https://kubernetes.example:6443' } }];
  const users = [{ name: 'me', user: { token: 'secret' } }];
  writeFileSync(kubeconfig, stringify({ apiVersion: 'v1', kind: 'Config', contexts, clusters, users }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['https://127.0.0.1:6443', true],
  ['https://127.8.9.1', true],
  ['https://localhost:8443', true],
  ['https://[::1]:6443', true],
  ['https://kubernetes.docker.internal:6443', true],
  ['https://kubernetes.example:6443', false],
  ['https://10.0.0.1:6443', false],
  ['https://127.0.0.1.example', false],
  ['https://localhost.example', false],
  ['', false],
])('%s is on this machine: %s', (server, local) => {
  expect(isLocal(server)).toBe(local);
});

test('whoever runs it is asked in words about a cluster elsewhere, and no means that nothing is written', async () => {
  const asked: string[] = [];
  const kind = kubeconfigKind({
    kubeconfig,
    context: 'far',
    namespace: 'trial',
    host: true,
    atFullMinute: false,
    confirm: async (question) => {
      asked.push(question);
      return false;
    },
  });
  await expect(kind.up({}, 1)).rejects.toThrow(NotConfirmedError);
  await expect(kind.up({}, 1)).rejects.toThrow(NotConfirmedError);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('far (https://kubernetes.example:6443)');
  expect(asked[0]).toContain('what scenarios make in the namespace trial, which goes again');
  await kind.end?.();
});

test('a context that is not there is named, with those that are', async () => {
  const confirm = () => Promise.reject(new Error('nobody may be asked'));
  const kind = kubeconfigKind({ kubeconfig, context: 'near', host: true, atFullMinute: false, confirm });
  const error = await kind.up({}, 1).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UnknownContextError);
  expect((error as Error).message).toBe('the kubeconfig has no context "near": there are far');
});

test('without a namespace the question names those that the run would make', async () => {
  let asked = '';
  const confirm = async (question: string) => {
    asked = question;
    return false;
  };
  const kind = kubeconfigKind({ kubeconfig, context: 'far', host: true, atFullMinute: false, confirm });
  await expect(kind.up({}, 1)).rejects.toThrow(NotConfirmedError);
  expect(asked).toMatch(/namespaces orrery-[0-9a-f]{6}-1, orrery-[0-9a-f]{6}-2 …, which go again/);
  await kind.end?.();
});

test('one namespace is for one scenario at a time', () => {
  const confirm = () => Promise.reject(new Error('nobody may be asked'));
  const options = { kubeconfig, context: 'far', host: true, atFullMinute: false, confirm };
  expect(kubeconfigKind({ ...options, namespace: 'trial' }).atOnce).toBe(1);
  expect(kubeconfigKind(options).atOnce).toBeGreaterThan(1);
});

test.each([
  [{}, 'orrery/actor', `orrery/actor:${version}`],
  [{ images: 'r.example:5000/agents/' }, 'orrery/operator', `r.example:5000/agents/operator:${version}`],
  [{ images: 'r.example/x', tag: 'v7' }, 'orrery/actor', 'r.example/x/actor:v7'],
  [{ images: 'r.example/x', actorImage: 'mine:1' }, 'orrery/actor', 'mine:1'],
  [{ actorImage: 'mine:1' }, 'orrery/gateway', `orrery/gateway:${version}`],
  [{ images: 'r.example/x' }, 'busybox:1', 'busybox:1'],
])('%j: %s is %s', (wish, image, name) => {
  expect(imageIn(wish, image)).toBe(name);
});

test('without a context nothing is chosen for anybody', () => {
  expect(() => environmentKind('kubeconfig')).toThrow(NoContextError);
});

test('an environment that is none is refused with those that are', () => {
  expect(() => environmentKind('nomad')).toThrow(UnknownEnvironmentError);
  expect(() => environmentKind('toString')).toThrow('sim, live, controlplane, kind, kubeconfig');
});

test('a kind cluster that is not up is "not here", with what to do', () => {
  const kind = environmentKind('kind', { cluster: 'never-was' });
  expect(kind.absence?.()).toBe('no kind cluster "never-was" is up: npm run kind:up -- --name never-was');
});
