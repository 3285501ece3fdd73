/** Waiting in real time for what a real process will do. */
import { setTimeout as sleep } from 'node:timers/promises';

const DEADLINE_MS = 60_000;

/** Looks again and again until there is something; a look that fails has seen nothing. */
export async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + DEADLINE_MS; ; await sleep(100)) {
    const found = await look().catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
  }
}
