import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { absence, findParts, findProgram, PartsMissingError } from './parts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-parts-test-'));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, mode = 0o755): string {
  const path = join(folder, 'bin', name);
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

test('the folder of ORRERY_PARTS comes before the PATH', () => {
  const path = put('sh');
  expect(findProgram('sh', { ORRERY_PARTS: folder, PATH: '/bin' })).toBe(path);
  expect(findProgram('sh', { PATH: '/bin' })).toBe('/bin/sh');
});

test('a file that cannot be executed is no program', () => {
  put('etcd', 0o644);
  expect(findProgram('etcd', { ORRERY_PARTS: folder })).toBeUndefined();
});

test('what is missing is named, and what to do', () => {
  put('etcd');
  put('kube-apiserver');
  const environment = { ORRERY_PARTS: folder, PATH: '' };
  expect(() => findParts(environment)).toThrow(PartsMissingError);
  expect(absence(environment)).toBe(
    'the control plane’s programs are missing: kube-controller-manager, kube-scheduler; set ORRERY_PARTS to the folder whose bin/ has them, put them on the PATH, or build them with Go: npm run control-plane:build',
  );
});

test('with all of them nothing is absent', () => {
  for (const name of ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']) put(name);
  expect(absence({ ORRERY_PARTS: folder })).toBeUndefined();
});
