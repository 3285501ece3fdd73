/**
 * What `orrery credentials` prints lets its user into a gateway, and what `orrery token` makes of the file is believed
 * there.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { signingKey } from '../../../fabric/identity/key.ts';
import { parseUsers } from '../../../fabric/identity/users.ts';
import { verifyToken } from '../../../fabric/identity/verify.ts';
import { realClock } from '../../../world/real/clock.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-credentials-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function orrery(...words: string[]) {
  return spawnSync(process.execPath, ['harness/cli/main.ts', ...words], { encoding: 'utf8' });
}

interface Secret {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly stringData: Readonly<Record<string, string>>;
}

it('the user comes in, and sees the projects that were named', () => {
  const file = join(folder, 'pat.json');
  const flags = ['--username', 'ann@b.c', '--url', 'http://gateway:8080/', '--token-file', file, '--projects', 'p1,p2'];
  const { stdout, status } = orrery('credentials', ...flags, '--namespace', 'agents');
  expect(status).toBe(0);
  const secrets = parseAllDocuments(stdout).map((document) => document.toJSON() as Secret);
  expect(secrets.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
    'agents/fabric-services',
    'agents/fabric-users',
  ]);
  const [services, users] = secrets.map(({ stringData }) => stringData);
  expect(signingKey(JSON.parse(services?.['signing-key.json'] ?? '')).thumbprint).toBeDefined();
  const { url, issuer, audience } = JSON.parse(readFileSync(file, 'utf8'));
  expect(url).toBe('http://gateway:8080');
  const token = orrery('token', '--file', file, '--ttl', '1h').stdout.trim();
  const trust = { issuer, audience, users: parseUsers(users?.['users.json'] ?? '') };
  const identity = verifyToken(token, trust, realClock.now());
  expect(identity).toMatchObject({ username: 'ann@b.c', user: { projects: new Set(['p1', 'p2']) } });
  expect(verifyToken(token, trust, realClock.now() + 3_601_000)).toBe('token expired');
});

it('the token file is its owner’s alone, also where another one was', () => {
  const file = join(folder, 'wide.json');
  writeFileSync(file, 'x'.repeat(10_000));
  chmodSync(file, 0o666);
  orrery('credentials', '--username', 'a', '--url', 'http://g', '--token-file', file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ username: 'a' });
});

it.each([
  ['a missing file', 'nothing.json', 'is no personal access token'],
  ['another document', 'other.json', 'it must have url, username'],
])('a token is not made of %s', (_, name, message) => {
  writeFileSync(join(folder, 'other.json'), '{}');
  const { status, stderr, stdout } = orrery('token', '--file', join(folder, name));
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});
