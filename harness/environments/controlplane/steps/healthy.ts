/** Waiting until a program answers that it is well. */
import type { Site } from '../site.ts';

const POLL_MS = 100;
/** For one question. */
const ANSWER_DEADLINE_MS = 5_000;

/** Resolves when `url` answers 200; rejects when the program ends before, or the signal is aborted. */
export async function healthy(site: Site, url: string, ended: Promise<never>, signal: AbortSignal): Promise<void> {
  const { clock } = site.world;
  const asking = async () => {
    while (!(await isWell(site, url, signal))) await clock.sleep(POLL_MS, signal);
  };
  await Promise.race([asking(), ended]);
}

async function isWell({ world, certificate, token }: Site, url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await world.network.fetch(url, {
      dispatcher: world.network.dispatcher({ ca: certificate.cert }),
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_DEADLINE_MS)]),
    });
    await answer.text();
    return answer.status === 200;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
