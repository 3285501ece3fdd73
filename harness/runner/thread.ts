/** The thread that plays scenarios, one after the other, each in a World of its own. */
import '../warnings.ts';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { TraceEvent } from '../../world/simulated/trace.ts';
import { environmentKind } from '../environments/kinds.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { TraceSpool } from '../up/trace-spool.ts';
import { load } from './catalogue.ts';
import { PendingRequests } from './pending.ts';
import { play } from './play.ts';
import { Progress } from './progress.ts';
import type { Order } from './run.ts';
import { type PendingAnswer, pendingQuestion } from './watchdog.ts';

const progress = new Progress(workerData as SharedArrayBuffer);
let pending = new PendingRequests();

parentPort?.on('message', async (message: Order | typeof pendingQuestion) => {
  if (message === pendingQuestion) parentPort?.postMessage({ pending: pending.words() } satisfies PendingAnswer);
  else parentPort?.postMessage(await carryOut(message));
});

async function carryOut({ entry, environment, seed, traceFile }: Order): Promise<ScenarioResult> {
  const scenario = await load(entry);
  const kind = environmentKind(environment);
  const spool = traceFile === undefined ? undefined : openSpool(traceFile);
  const wallNow = () => performance.now();
  pending = new PendingRequests();
  const sink = (event: TraceEvent) => {
    if (event.type === 'step') progress.reached(event.at);
    else pending.see(event);
    spool?.write(event);
  };
  try {
    return await play({ entry, scenario, kind, seed, wallNow, sink, onStep: (text) => progress.began(text) });
  } finally {
    spool?.close();
  }
}

function openSpool(file: string): TraceSpool {
  mkdirSync(dirname(file), { recursive: true });
  return new TraceSpool(file);
}
