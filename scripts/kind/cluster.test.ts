/** Where no Docker answers, what is to be done is said, and nothing is forgotten that is still there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clusterFolder, clusterNames } from '../../harness/environments/kind/state.ts';
import { down, up } from './cluster.ts';
import { failureText } from './step.ts';

const wish = { name: 'nowhere', host: false, retain: false };
const silent = () => undefined;
const failureOf = (work: Promise<unknown>) => work.then(() => 'it worked', failureText);
let state = '';

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'orrery-kind-'));
  vi.stubEnv('XDG_STATE_HOME', state);
  vi.stubEnv('DOCKER_HOST', `unix://${state}/docker.sock`);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(state, { recursive: true, force: true });
});

test('bringing up leaves nothing of a cluster that was not begun', async () => {
  const words = await failureOf(up(wish, silent));
  expect(words).toContain('could not find Docker');
  expect(words).toContain('what to do: ');
  expect(clusterNames()).toEqual([]);
});

test('taking down keeps what it knows, and names the folder for whoever has no such Docker any more', async () => {
  const folder = clusterFolder('nowhere');
  const words = await failureOf(down('nowhere', silent));
  expect(words).toContain('the cluster "nowhere" is still there: ');
  expect(words).toContain(
    `what to do: start the Docker that it runs in; if that is gone for good, so is the cluster: remove its folder ${folder}`,
  );
  expect(clusterNames()).toEqual(['nowhere']);
});

test('bringing up what was begun before does not forget it', async () => {
  clusterFolder('nowhere');
  await failureOf(up(wish, silent));
  expect(clusterNames()).toEqual(['nowhere']);
});

test('a cluster that nobody knows is no failure', async () => {
  const lines: string[] = [];
  await down('unknown', (line) => lines.push(line));
  expect(lines).toEqual(['there is no cluster "unknown" of ours']);
});
