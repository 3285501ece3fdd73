/** The thread that plays scenarios, one after the other, each in a World of its own. */
import { parentPort } from 'node:worker_threads';
import { environmentKind } from '../environments/kinds.ts';
import { load } from './catalogue.ts';
import { play } from './play.ts';
import type { Order } from './run.ts';

parentPort?.on('message', async ({ entry, environment, seed }: Order) => {
  const scenario = await load(entry);
  const kind = environmentKind(environment);
  parentPort?.postMessage(await play({ entry, scenario, kind, seed, wallNow: () => performance.now() }));
});
