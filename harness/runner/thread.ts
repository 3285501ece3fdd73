/** The thread that plays scenarios, one after the other, each in a World of its own. */
import '../warnings.ts';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { environmentKind } from '../environments/kinds.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { TraceSpool } from '../up/trace-spool.ts';
import { load } from './catalogue.ts';
import { play } from './play.ts';
import type { Order } from './run.ts';

parentPort?.on('message', async (order: Order) => {
  parentPort?.postMessage(await carryOut(order));
});

async function carryOut({ entry, environment, seed, traceFile }: Order): Promise<ScenarioResult> {
  const scenario = await load(entry);
  const kind = environmentKind(environment);
  const spool = traceFile === undefined ? undefined : openSpool(traceFile);
  const wallNow = () => performance.now();
  try {
    const sink = spool && { sink: (event: Parameters<TraceSpool['write']>[0]) => spool.write(event) };
    return await play({ entry, scenario, kind, seed, wallNow, ...sink });
  } finally {
    spool?.close();
  }
}

function openSpool(file: string): TraceSpool {
  mkdirSync(dirname(file), { recursive: true });
  return new TraceSpool(file);
}
