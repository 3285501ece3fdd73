/**
 * Over real sockets, against `orrery up` as a user starts it: the whole story of the command line, whose requests end
 * when a second passes in silence.
 */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signingKey } from '../../fabric/identity/key.ts';
import { bearerToken } from '../../fabric/identity/personal-access-token.ts';
import { readTokenFile } from '../cli/commands/token.ts';
import { daemonSkill, jobSkill } from '../scenario/documents.ts';
import { RunningUp } from '../up/running-up.fixture.ts';
import { play } from './play.ts';
import { overSockets } from './sockets.ts';

const P = '/fabric/v4/projects/proj1';
/** Of the command line's sockets. */
const IDLE_MS = 1_000;

let up: RunningUp;
beforeAll(async () => {
  up = await RunningUp.start(['--speed', '10']);
});
afterAll(() => up?.stop());

interface Timed {
  readonly status: number;
  readonly text: string;
  readonly firstByteMs: number;
  readonly tookMs: number;
}

/** A request that is given up when nothing comes for a second, as the command line does. */
function impatient(method: string, path: string, body: unknown): Promise<Timed> {
  const { url, tokenFile = '' } = up.endpoints.gateway;
  const file = readTokenFile(tokenFile);
  const authorization = `Bearer ${bearerToken(file, signingKey(file.jwk), Date.now(), 120_000)}`;
  const begunAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const request = httpRequest(`${url}${path}`, { method, headers, timeout: IDLE_MS }, (response) => {
      let text = '';
      let firstByteMs: number | undefined;
      response.on('data', (bytes) => {
        firstByteMs ??= performance.now() - begunAt;
        text += bytes;
      });
      response.on('error', reject);
      response.on('end', () => {
        const tookMs = performance.now() - begunAt;
        resolve({ status: response.statusCode ?? 0, text, firstByteMs: firstByteMs ?? tookMs, tookMs });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`Timeout awaiting 'socket' for ${IDLE_MS}ms`)));
    request.on('error', reject);
    request.end(JSON.stringify(body));
  });
}

describe('trap 1: a second of silence ends a request', () => {
  it.each([
    ['a job that takes three seconds', jobSkill('slow-job', 'sleep 30s; print done'), {}, 'done\n'],
    [
      'a daemon that takes two',
      daemonSkill('slow-daemon'),
      { payload: { n: 1 }, properties: { 'daemon.path': '/slow?ms=20000' } },
      { n: 1 },
    ],
  ])('%s is waited for, with something to read all the time', async (_, skill, body, response) => {
    expect((await impatient('POST', `${P}/skills`, skill)).status).toBe(200);
    const answer = await impatient('POST', `${P}/skillinvoke/${skill.name}/inputs/request?sync=true`, body);
    expect(answer.status).toBe(200);
    expect(answer.firstByteMs).toBeLessThan(IDLE_MS);
    expect(answer.tookMs).toBeGreaterThan(1_500);
    expect(answer.text).toMatch(/^ +\{/);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 'COMPLETE', response });
  });
});

it('the story of the command line', async () => {
  const tokenFile = readTokenFile(up.endpoints.gateway.tokenFile ?? '');
  const surroundings = overSockets(tokenFile.url);
  const verdicts = await play({ client: 'cli', surroundings, tokenFile, project: 'proj1' });
  const wrong = verdicts.filter(({ faults }) => faults.length > 0);
  expect(wrong).toEqual([]);
});
