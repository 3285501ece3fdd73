/** The control API of a live run: what it breaks lies inside the run, and its own port lies outside. */
import { fetch } from 'undici';
import { heldTo } from '../../fabric/openapi/held.fixture.ts';
import { controlDocument, controlRoutes } from '../up/control/document.ts';
import { problem } from '../up/control/route.ts';
import { startLive } from '../up/live.ts';
import type { FuzzAnswer } from './judge.ts';
import type { FuzzRequest, Knowledge } from './requests.ts';
import type { Target } from './target.ts';

/** `POST /stop` would end what is fuzzed. */
const knowledge: Knowledge = {
  known: { fault: ['1', '2', '3'], image: ['my/skill', 'constructor'] },
  bodies: {
    changeClock: [{ advance: '1s' }, { speed: 60 }, { speed: 1 }, { advance: '2s', force: true }],
    injectFault: [
      { kind: 'latency', minimumMs: 1, maximumMs: 5, to: 'gateway' },
      { kind: 'kill', service: 'content' },
      { kind: 'partition' },
    ],
    registerImage: [{ image: 'my/skill', command: ['python3', 'main.py'] }],
  },
  callers: ['user', 'nobody'],
  without: ['stopRun'],
};
const held = heldTo(
  controlRoutes.map(({ operation }) => operation),
  problem,
);

export async function controlApi(): Promise<Target> {
  const options = { port: 0, speed: 1, images: {}, namespace: 'default', without: [] };
  const live = await startLive(options, new AbortController().signal);
  const { control, kubernetes } = live.endpoints;
  const send = sender(control.url, kubernetes.token);
  const ask = (method: string, path: string) => send({ operationId: '', method, path, headers: {}, caller: 'user' });
  return {
    name: 'the control API of orrery up',
    document: controlDocument(),
    knowledge,
    send,
    describedFaults({ method, path }, { status, headers, text }) {
      const contentType = headers['content-type']?.toString();
      return held.answerFaults({ method, url: path, status, contentType, text });
    },
    innerErrors: () => [],
    isAlive: async () => (await ask('GET', '/clock')).status === 200,
    async rest() {
      const { faults } = JSON.parse((await ask('GET', '/faults')).text) as { faults: { id: number }[] };
      for (const { id } of faults) await ask('DELETE', `/faults/${id}`);
    },
    end: () => live.stop(),
  };
}

function sender(url: string, token: string) {
  return async ({ method, path, headers, body, caller }: FuzzRequest): Promise<FuzzAnswer> => {
    // This client sends no `Expect` (undici, NotSupportedError).
    const { expect: _, ...sent } = headers;
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...sent, ...(caller === 'user' ? { authorization: `Bearer ${token}` } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: Object.fromEntries(answer.headers), text, isWhole: true };
  };
}
