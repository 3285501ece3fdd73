/** One project never sees another's: not in a list, not by name, not through an id, and not by what it changes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../../identity/token.ts';
import { type Answer, report } from '../bench.fixture.ts';
import { allRoutes } from '../routes/all.ts';
import { claimsOf, credential, keys, openGuardedBench, tokenOf } from './access.fixture.ts';
import { samplePath } from './sample-request.fixture.ts';

/** Stands in everything that is Bob's: whoever reads it has seen too much. */
const mark = 'of-bob';
const [own, others] = ['/fabric/v4/projects/p1', '/fabric/v4/projects/p2'];

const skill = {
  camel: '1.0.0',
  name: mark,
  inputs: [{ name: 'in', routing: { all: { action: mark, runtime: 'cortex/jobs', output: 'out' } } }],
  outputs: [{ name: 'out' }],
  actions: [{ name: mark, type: 'job', image: 'image', command: [] }],
};
const agent = {
  camel: '1.0.0',
  name: mark,
  inputs: [{ name: 'in', signalType: 'Service', signalId: 'i', output: 'out' }],
  outputs: [{ name: 'out', signalType: 'Service', signalId: 'o' }],
  skills: [{ refId: 'r', skillName: mark }],
  mappings: [
    { from: { input: { signalId: 'i' } }, to: { skill: { refId: 'r', input: 'in' } } },
    { from: { skill: { refId: 'r', output: 'out' } }, to: { output: { signalId: 'o' } } },
  ],
};

/** Of each kind of thing one: where it is listed and where it is described, behind the project's path. */
const kinds = [
  { list: 'tasks', one: `tasks/${mark}`, save: undefined },
  { list: 'skills', one: `skills/${mark}`, save: skill },
  { list: 'actions', one: `actions/${mark}`, save: { name: mark, type: 'job', image: 'image' } },
  { list: 'types', one: `types/${mark}`, save: { types: [{ name: mark }] } },
  { list: 'agents', one: `agents/${mark}`, save: agent },
  { list: 'sessions', one: `sessions/${mark}`, save: { sessionId: mark, state: { mark } } },
  { list: 'connections', one: `connections/${mark}`, save: { name: mark, connectionType: 'mongo' } },
  { list: 'secrets', one: `secrets/${mark}`, save: undefined },
  { list: 'content', one: `content/${mark}`, save: undefined },
  { list: 'activations?agentName=of-bob', one: '', save: undefined },
] as const;

type Bench = Awaited<ReturnType<typeof openGuardedBench>>;
let bench: Bench;
let activation: string;

const ann = (path: string, ask = {}) => bench.as(tokenOf('ann'))(path, ask);
const bob = (path: string, ask = {}) => bench.as(tokenOf('bob'))(path, ask);
const done = ({ status, text }: Answer) => expect([status, text]).toEqual([200, expect.anything()]);

beforeAll(async () => {
  bench = await openGuardedBench();
  for (const { list, save } of kinds) {
    if (save) done(await bob(`${others}/${list}`, { method: 'POST', body: save }));
  }
  done(await bob(`${others}/secrets/${mark}`, { method: 'POST', body: { value: mark } }));
  done(await bob(`${others}/content/${mark}`, { method: 'POST', body: mark }));
  done(await bench.as(credential)(...report(mark, { projectId: 'p2', name: mark, agentName: mark })));
  const invoked = await bob(`${others}/agentinvoke/${mark}/services/in`, { method: 'POST', body: { payload: mark } });
  activation = (invoked.json as unknown as { activationId: string }).activationId;
});

describe.each(kinds)('$list', ({ list, one }) => {
  it('is there for its own user', async () => {
    expect((await bob(`${others}/${list}`)).text).toContain(mark);
    if (one !== '') expect((await bob(`${others}/${one}`)).status).toBe(200);
  });

  it('shows another nothing, in his project or in that one', async () => {
    const listed = await ann(`${own}/${list}`);
    expect([listed.status, listed.text.includes(mark)]).toEqual([200, false]);
    expect((await ann(`${others}/${list}`)).status).toBe(404);
    if (one === '') return;
    expect((await ann(`${own}/${one}`)).status).toBe(404);
    expect((await ann(`${others}/${one}`)).status).toBe(404);
  });

  it('is not changed by another', async () => {
    if (one === '') return;
    for (const project of [own, others]) {
      expect((await ann(`${project}/${one}`, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await bob(`${others}/${one}`)).status).toBe(200);
  });
});

describe('an activation', () => {
  it.each(['', '?verbose=true', '?report=true'])('is not described to another %s', async (query) => {
    expect((await bob(`${others}/activations/${activation}${query}`)).status).toBe(200);
    expect((await ann(`${own}/activations/${activation}${query}`)).status).toBe(404);
    expect((await ann(`${others}/activations/${activation}${query}`)).status).toBe(404);
  });

  it('is not cancelled by another, and takes no message of his', async () => {
    const channel = await bob(`${others}/activations/${activation}?verbose=true`);
    const { transits } = channel.json as unknown as { transits: { channelId: string }[] };
    const path = `/internal/messages/${activation}/${transits[0]?.channelId}/out`;
    const job = signToken(keys.own, { ...claimsOf('ann'), projectId: 'p1', activationId: activation });
    for (const bearer of [tokenOf('ann'), job]) {
      expect((await bench.as(bearer)(path, { method: 'POST', body: {} })).status).toBe(404);
    }
    expect((await ann(`${own}/activations/${activation}/cancel`, { method: 'POST' })).status).toBe(404);
    expect((await bob(`${others}/activations/${activation}`)).json).not.toMatchObject({ status: 'CANCELLED' });
  });
});

it('invoking, deploying and reading logs find nothing of another’s', async () => {
  const asked = [
    ['POST', `skillinvoke/${mark}/inputs/in`],
    ['POST', `agentinvoke/${mark}/services/in`],
    ['GET', `skills/${mark}/deploy`],
    ['GET', `skills/${mark}/undeploy`],
    ['GET', `skills/${mark}/versions`],
    ['GET', `skills/${mark}/action/${mark}/logs`],
    ['GET', `agents/${mark}/deploy`],
    ['GET', `agents/${mark}/undeploy`],
    ['GET', `agents/${mark}/versions`],
    ['GET', `tasks/${mark}/logs`],
    ['POST', `tasks/${mark}/pause`],
  ] as const;
  for (const [method, path] of asked) {
    for (const project of [own, others]) {
      const { status } = await ann(`${project}/${path}`, { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect([path, status]).toEqual([path, 404]);
    }
  }
});

it('no GET of any route shows another’s', async () => {
  const reading = allRoutes.filter(({ method }) => method === 'GET');
  for (const { path } of reading) {
    for (const project of ['p1', 'p2']) {
      const sample = samplePath({ path }, project).replace(/sample-\w+|sample\/rest/g, mark);
      const { status, text } = await ann(sample);
      expect([sample, status === 200 && text.includes(mark)]).toEqual([sample, false]);
    }
  }
});
