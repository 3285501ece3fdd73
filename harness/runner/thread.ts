/** The thread that plays scenarios, one after the other, each in a World of its own. */
import '../warnings.ts';
import { renameSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { TraceEvent } from '../../world/simulated/trace.ts';
import { environmentKind } from '../environments/kinds.ts';
import { emptyRecording } from '../recording/recording.ts';
import type { ScenarioResult } from '../reports/model.ts';
import { TraceSpool } from '../up/trace-spool.ts';
import { PendingRequests } from './pending.ts';
import { playEntry } from './play.ts';
import type { Order } from './play-thread.ts';
import { Progress } from './progress.ts';
import { type PendingAnswer, pendingQuestion } from './watchdog.ts';

const progress = new Progress(workerData as SharedArrayBuffer);
let pending = new PendingRequests();

parentPort?.on('message', async (message: Order | typeof pendingQuestion) => {
  if (message === pendingQuestion) parentPort?.postMessage({ pending: pending.words() } satisfies PendingAnswer);
  else parentPort?.postMessage(await carryOut(message));
});

async function carryOut({ entry, environment, seed, traceFile, brief }: Order): Promise<ScenarioResult> {
  const kind = environmentKind(environment);
  // Under another name while it is written: what bears that name is a part, say of a play that was stopped.
  const part = `${traceFile}.part`;
  const spool = traceFile === undefined ? undefined : new TraceSpool(part);
  const wallNow = () => performance.now();
  pending = new PendingRequests();
  const sink = (event: TraceEvent) => {
    if (event.type === 'step') progress.reached(event.at);
    else pending.see(event);
    spool?.write(event);
  };
  try {
    const onStep = (text: string) => progress.began(text);
    const result = await playEntry({ entry, kind, seed, wallNow, sink, onStep });
    return brief ? { ...result, steps: [], plannedStarts: [], recording: emptyRecording(0) } : result;
  } finally {
    spool?.close();
    if (traceFile !== undefined) renameSync(part, traceFile);
  }
}
