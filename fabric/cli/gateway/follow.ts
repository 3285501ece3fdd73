/** A stream that is followed over lost connections: each new one goes on behind the last event that came. */
import { CommandError } from '../errors.ts';
import type { Surroundings } from '../surroundings.ts';
import type { ServerEvent } from './events.ts';

const waitMs = { first: 500, maximum: 15_000 };
/** Lost connections in a row, without an event between them. */
const triesMaximum = 8;

/** All events until the gateway ends the stream. Rejects when it refuses, or cannot be reached any more. */
export async function* followed(
  { world, signal }: Pick<Surroundings, 'world' | 'signal'>,
  open: (lastEventId: string | undefined) => Promise<AsyncIterable<ServerEvent>>,
): AsyncGenerator<ServerEvent> {
  let lastEventId: string | undefined;
  let tries = 0;
  for (;;) {
    try {
      for await (const event of await open(lastEventId)) {
        lastEventId = event.id ?? lastEventId;
        tries = 0;
        yield event;
      }
      return;
    } catch (error) {
      const isRefused = error instanceof CommandError && error.reason !== 'unreachable';
      tries += 1;
      if (signal.aborted || isRefused || tries > triesMaximum) throw error;
    }
    await world.clock.sleep(Math.min(waitMs.first * 2 ** (tries - 1), waitMs.maximum), signal);
  }
}
