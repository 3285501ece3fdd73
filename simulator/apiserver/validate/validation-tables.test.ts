/** Every validation case that a real API server answered, sent to this one over HTTP (semantics 6). */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import type { World } from '../../../world/world.ts';
import { makeDefaultAccount } from '../default-account.fixture.ts';
import { ApiServer } from '../server.ts';

interface Case {
  readonly id: string;
  readonly name: string;
  readonly method: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly query?: string;
  readonly contentType?: string;
  readonly existing?: { readonly metadata: { readonly name: string } };
  readonly existingStatus?: object;
  readonly body: unknown;
  readonly expect: {
    readonly code: number;
    readonly reason?: string;
    readonly causes?: readonly { readonly field: string; readonly reason: string }[];
    readonly warnings?: number;
  };
}

const tables = JSON.parse(readFileSync('fixtures/kubernetes/tables.json', 'utf8')) as { validation: Case[] };

describe('a case of the validation tables gets the answer of the real server', () => {
  const simulation = new Simulation({ seed: 3, startAt: Date.UTC(2026, 0, 1) });
  let world: World;
  beforeAll(async () => {
    const process = simulation.process('apiserver');
    const server = new ApiServer({ world: process });
    await simulation.run(makeDefaultAccount(server.client('test')));
    await process.network.listen('kubernetes:80', server.handler);
    world = simulation.process('client');
  });

  async function send(method: string, path: string, body: unknown, contentType = 'application/json') {
    const request = { method, body: JSON.stringify(body), headers: { 'content-type': contentType } };
    const answer = await simulation.run(world.network.fetch(`http://kubernetes:80${path}`, request));
    const text = await simulation.run(answer.text());
    const warning = answer.headers.get('warning');
    return { code: answer.status, body: JSON.parse(text) as Record<string, unknown>, warnings: countOf(warning) };
  }

  function countOf(warning: string | null): number {
    return warning === null ? 0 : warning.split(/, (?=299 - )/).length;
  }

  test.each(tables.validation)('$id $name', async (given) => {
    const namespace = given.id;
    await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const collection = `/apis/batch/v1/namespaces/${namespace}/${given.resource}`;
    if (given.existing) expect((await send('POST', collection, given.existing)).code).toBe(201);
    const object = `${collection}/${given.existing?.metadata.name}`;
    const merge = 'application/merge-patch+json';
    if (given.existingStatus) {
      expect((await send('PATCH', `${object}/status`, { status: given.existingStatus }, merge)).code).toBe(200);
    }
    const place = given.method === 'POST' ? collection : object;
    const path = `${place}${given.subresource ? `/${given.subresource}` : ''}`;
    const query = `?dryRun=All${given.query ? `&${given.query}` : ''}`;
    const answer = await send(given.method, path + query, given.body, given.contentType);
    const { code, reason, causes, warnings = 0 } = given.expect;
    expect({ code: answer.code, warnings: answer.warnings }, JSON.stringify(answer.body)).toEqual({ code, warnings });
    if (reason !== undefined) expect(answer.body.reason).toBe(reason);
    if (causes) expect(causesOf(answer.body)).toEqual(sorted(causes));
  });
});

type Cause = { readonly field: string; readonly reason: string };

function causesOf(status: Record<string, unknown>): Cause[] {
  const details = status.details as { causes?: Cause[] } | undefined;
  return sorted(details?.causes ?? []);
}

/** The tables hold sets. */
function sorted(causes: readonly Cause[]): Cause[] {
  const texts = new Set(causes.map(({ field, reason }) => JSON.stringify({ field, reason })));
  return [...texts].sort().map((text) => JSON.parse(text) as Cause);
}
