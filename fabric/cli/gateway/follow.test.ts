/** Streams of events: read as the standard has them, and followed over lost connections. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Simulation } from '../../../world/simulated/simulation.ts';
import { CommandError } from '../errors.ts';
import { eventsOf, type ServerEvent } from './events.ts';
import { followed } from './follow.ts';

const encoder = new TextEncoder();

async function read(chunks: readonly Uint8Array[]): Promise<ServerEvent[]> {
  return Array.fromAsync(eventsOf(chunks));
}

describe('events', () => {
  test('are the same however the network cuts them', async () => {
    const text =
      ': hello\n\nid: 5\ndata: {"log":"ünï"}\n\ndata: a\r\ndata:b\r\n\r\nevent: x\nid: 9\ndata: c\n\nid: 10\ndata: cut';
    const expected = [
      { id: '5', data: '{"log":"ünï"}' },
      { id: '5', data: 'a\nb' },
      { id: '9', data: 'c' },
    ];
    const bytes = encoder.encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 }), async (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(await read(chunks)).toEqual(expected);
      }),
    );
  });
});

describe('a followed stream', () => {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const surroundings = { world: simulation.process('user'), signal: new AbortController().signal };
  const event = (id: string): ServerEvent => ({ id, data: `event ${id}` });

  test('goes on behind the last event when its connection is lost', async () => {
    const asked: (string | undefined)[] = [];
    const open = async (lastEventId: string | undefined) => {
      asked.push(lastEventId);
      if (asked.length === 2) throw new CommandError('unreachable', 'away');
      return (async function* () {
        if (asked.length === 1) {
          yield event('1');
          yield event('2');
          throw new Error('reset');
        }
        yield event('3');
      })();
    };
    const seen = await simulation.run(Array.fromAsync(followed(surroundings, open)));
    expect(seen.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(asked).toEqual([undefined, '2', '2']);
  });

  test('ends with a refusal at once, and with the gateway’s absence after some tries', async () => {
    let tries = 0;
    const failing = (reason: 'notFound' | 'unreachable') => {
      tries = 0;
      const open = async (): Promise<AsyncIterable<ServerEvent>> => {
        tries += 1;
        throw new CommandError(reason, reason);
      };
      return simulation.run(Array.fromAsync(followed(surroundings, open)).catch((error: unknown) => error));
    };
    expect([await failing('notFound'), tries]).toEqual([expect.objectContaining({ reason: 'notFound' }), 1]);
    expect([await failing('unreachable'), tries]).toEqual([expect.objectContaining({ reason: 'unreachable' }), 9]);
  });
});
