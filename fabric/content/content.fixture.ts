/** Managed content in a simulation, over a folder, and a client that asks it. */
import { Simulation } from '../../world/simulated/simulation.ts';
import { openFolderBlobs } from './blobs/folder/folder.ts';
import { startContent } from './server.ts';
import type { ContentOptions } from './settings.ts';

export const base = '/fabric/v4/projects/p/content';

type Body = string | Buffer | AsyncIterable<Buffer>;

/** Starts it, with further options. */
export async function bench(options: Partial<ContentOptions> = {}) {
  const simulation = new Simulation({ seed: 7, startAt: Date.UTC(2026, 0, 1) });
  const world = simulation.process('content');
  const blobs = await simulation.run(openFolderBlobs({ world, folder: '/content' }));
  await simulation.run(startContent({ world, address: 'content:80', blobs, ...options }));
  const { network } = simulation.process('client');
  const answerTo = async (path: string, method = 'GET', headers: Record<string, string> = {}, body?: Body) => {
    const sent = body === undefined ? {} : { body, duplex: 'half' as const };
    const answer = await network.fetch(`http://content${path}`, { method, headers, ...sent });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  const ask = (...request: Parameters<typeof answerTo>) => simulation.run(answerTo(...request));
  const keys = async () => JSON.parse((await ask(base)).text).map(({ Key }: { Key: string }) => Key);
  return { simulation, world, answerTo, ask, keys };
}

/** The bytes in pieces of that size. */
export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
