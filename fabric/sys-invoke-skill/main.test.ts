/**
 * The program as a container starts it: `sys-invoke-skill PAYLOAD` after what starts the gateway, with none of the
 * gateway's flags.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sysInvokeArguments } from './skill.ts';

const gatewayProgram = fileURLToPath(new URL('../gateway/main.ts', import.meta.url));

let server: Server;
let asked: string[];
let status: string;

beforeEach(async () => {
  asked = [];
  status = 'STARTED';
  server = createServer((request, response) => {
    const { method, url = '' } = request;
    asked.push(`${method} ${url}`);
    if (url.endsWith('/cancel')) status = 'CANCELLED';
    const known = { token: 't', activationId: 'a-1', idempotencyKey: 'k', status, response: 'the response' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify(known));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

function start(payload: object): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const program = [gatewayProgram, ...sysInvokeArguments, JSON.stringify(payload)];
  const env = { ...process.env, FABRIC_POD_NAME: 'run-1', FABRIC_POD_UID: 'uid-1' };
  const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  return { child, ended: new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, output }))) };
}

function payload() {
  const { port } = server.address() as AddressInfo;
  const apiEndpoint = `http://127.0.0.1:${port}`;
  return { apiEndpoint, project: 'p1', agent: 'hubble', service: 'input', schedule: 'p1-hubble', body: {} };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('ends with 0 when the activation is complete', async () => {
  status = 'COMPLETE';
  const { exitCode, output } = await start(payload()).ended;
  expect(exitCode).toBe(0);
  expect(output).toContain('activation a-1\nstatus COMPLETE\nthe response\n');
}, 30_000);

it('cancels the activation on SIGTERM and ends with 143', async () => {
  const { child, ended } = start(payload());
  await until(() => asked.includes('GET /fabric/v4/projects/p1/activations/a-1'));
  child.kill('SIGTERM');
  const { exitCode, output } = await ended;
  expect([exitCode, status]).toEqual([143, 'CANCELLED']);
  expect(output).toContain('terminated: activation a-1 was cancelled');
}, 30_000);

it('says what is wrong when it is started by something else', async () => {
  expect(await start({}).ended).toEqual({ exitCode: 1, output: expect.stringContaining('the payload has no') });
}, 30_000);
