/** What breaks a real client is told by the player too. */
import { describe, expect, it } from 'vitest';
import { newSigningKey } from '../../fabric/identity/key.ts';
import { personalAccessToken } from '../../fabric/identity/personal-access-token.ts';
import { readToken } from '../../fabric/identity/token.ts';
import { SeededRandom } from '../../world/simulated/seeded-random.ts';
import type { ClientAnswer, ClientRequest } from './asking.ts';
import { followedLog } from './followed.ts';
import { type PlayOptions, play, type Verdict } from './play.ts';
import type { ClientName, Step } from './recording.ts';
import { faultsOf } from './shape.ts';

const key = newSigningKey(new SeededRandom(1, 'player').stream('key'));
const tokenFile = personalAccessToken('http://gateway', 'ann', key);

const plain: Step = {
  run: 'list',
  send: 'GET {P}/x',
  first: [],
  as: 'json',
  chunked: false,
  keep: {},
  decides: 'status',
  exit: 0,
};

interface Given {
  readonly step?: Partial<Step>;
  readonly answer?: Partial<ClientAnswer>;
  readonly client?: ClientName;
  readonly options?: Partial<PlayOptions>;
}

async function played({
  step = {},
  answer = {},
  client = 'cli',
  options = {},
}: Given): Promise<Verdict & { sent: ClientRequest[] }> {
  const sent: ClientRequest[] = [];
  let now = 5_000_000;
  const json = (text: string): ClientAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    text,
    reads: [text],
    silenceMs: 0,
  });
  const ask = async (request: ClientRequest) => {
    sent.push(request);
    if (request.path.endsWith('/info')) return json('{"serverTs": 1000000}');
    if (request.path.endsWith('/cortex-cli')) return json('{"semver": ">=2.0.0 <3.0.0"}');
    return { ...json('{"success": true}'), ...answer };
  };
  const rest = async (ms: number) => {
    now += ms;
  };
  const surroundings = { ask, now: () => now, rest };
  const story = [{ ...plain, ...step }];
  const [verdict] = await play({ client, surroundings, tokenFile, project: 'p', story, ...options });
  if (!verdict) throw new Error('nothing was played');
  return { ...verdict, sent };
}

describe('the player', () => {
  it('finds nothing wrong with what is right', async () => {
    const { faults, exit, requests } = await played({ step: { reads: { success: true } } });
    expect([faults, exit]).toEqual([[], 0]);
    expect(requests.map(({ path }) => path)).toEqual([
      '/fabric/v4/info',
      '/fabric/v4/compatibility/applications/cortex-cli',
      '/fabric/v4/projects/p/x',
    ]);
  });

  it.each([
    ['a charset', { headers: { 'content-type': 'application/json; charset=utf-8' } }, 'content type'],
    ['an HTML body', { text: '<html>' }, 'no JSON'],
    ['a second of silence', { silenceMs: 1000 }, "Timeout awaiting 'socket' for 1000ms"],
    ['a refusal', { status: 404, text: '{"message":"no"}' }, 'status 404'],
    ['a missing part', { text: '{}' }, 'answer.success must be true, not missing'],
  ])('tells of %s', async (_, answer, fault) => {
    const { faults } = await played({ step: { reads: { success: true } }, answer });
    expect(faults.join('\n')).toContain(fault);
  });

  it('ends by the flag where the command line does, and with 0 in any case for invocations', async () => {
    const answer = { text: '{"success": false}' };
    expect((await played({ step: { decides: 'success' }, answer })).exit).toBe(1);
    expect((await played({ step: { decides: 'nothing', status: 500 }, answer: { ...answer, status: 500 } })).exit).toBe(
      0,
    );
  });

  it('looks again until it is so, and not for ever', async () => {
    const { faults, sent } = await played({ step: { until: { done: true } }, options: { patienceMs: 5_000 } });
    expect(sent.length).toBeGreaterThan(5);
    expect(faults).toEqual([expect.stringContaining('did not come within 5000 ms')]);
  });

  it('compares what is printed to the letter', async () => {
    const { faults } = await played({ step: { prints: 'json', says: '{"success":false}' } });
    expect(faults).toEqual(['prints "{\\"success\\":true}", not "{\\"success\\":false}"']);
  });

  it('tells of a word that nothing before has kept', async () => {
    expect((await played({ step: { send: 'GET {P}/{id}' } })).faults).toEqual(['{id} is not known yet']);
  });

  it.each([
    ['cli' as const, { alg: 'EdDSA', kid: key.kid }, { iat: 1000, exp: 1120 }],
    ['sdk' as const, { alg: 'EdDSA', typ: 'JWT', kid: key.thumbprint }, { iat: 5000, nbf: 5000, exp: 1120 }],
  ])('makes the token of %s', async (client, header, claims) => {
    const { sent } = await played({ client });
    const token = readToken((sent.at(-1)?.headers.authorization ?? '').replace('Bearer ', ''));
    expect(token?.header).toEqual(header);
    expect(token?.claims).toMatchObject({ sub: 'ann', aud: 'cortex', iss: 'cognitivescale.com', ...claims });
    expect(sent[0]?.headers.authorization).toBeUndefined();
  });

  it('sends no Accept when it follows a log', async () => {
    const { sent } = await played({ step: { as: 'follow' }, answer: { reads: ['data: ""\n\n'] } });
    expect(sent.at(-1)?.headers).not.toHaveProperty('accept');
  });
});

describe('a followed log', () => {
  it('is its lines', () => {
    const reads = ['data: ""\n\n', 'data: {"log":"a\\n\\nb"}\n\n', 'data: "c"\n'];
    expect(followedLog(reads)).toEqual({ printed: 'a\nb\nc\n', fault: undefined });
  });

  it.each(['event: x\n', ': comment\n', 'id: 1\n', 'data: {"log":""}\n', 'data: {"log"', 'data: 5\n'])(
    'ends in the middle upon %j',
    (read) => {
      expect(followedLog(['data: "a"\n', read, 'data: "b"\n'])).toMatchObject({
        printed: 'a\n',
        fault: expect.any(String),
      });
    },
  );

  it('is cut when an event is parted by a read', () => {
    expect(followedLog(['data: {"log":"a', 'b"}\n']).fault).toBeDefined();
  });
});

it('shapes name each place that is wrong', () => {
  const shape = { list: [{ name: 'string' }], pair: [{ a: 1 }, { b: 2 }], gone: 'undefined', not: 'hasOwnProperty' };
  expect(faultsOf({ list: [{ name: 1 }], pair: [{ a: 1 }], gone: 1, not: 1 }, shape)).toEqual([
    'answer.list.0.name must be string, not 1',
    'answer.pair must be a list of 2, not [{"a":1}]',
    'answer.gone must be undefined, not 1',
    'answer.not must be "hasOwnProperty", not 1',
  ]);
});
