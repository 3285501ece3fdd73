/** `gateway sys-invoke-skill PAYLOAD`: one run of a scheduled agent, in the gateway's own image. */
import { writeFile } from 'node:fs/promises';
import { realWorld } from '../../world/real/world.ts';
import { invokeAgent } from './invoke.ts';

/**
 * Where Kubernetes looks for why a container ended. It is mounted: written in place, and not there outside a container.
 */
const terminationLog = '/dev/termination-log';

/** Resolves with the exit code. */
export async function runSysInvokeSkill(payload: string): Promise<number> {
  const terminated = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => terminated.abort(new Error(`ended by ${name}`)));
  return invokeAgent({
    world: realWorld('sys-invoke-skill'),
    payload,
    environment: process.env,
    signal: terminated.signal,
    print: (line) => void process.stdout.write(`${line}\n`),
    terminationMessage: (text) => writeFile(terminationLog, text, { flag: 'r+' }).catch(() => undefined),
  });
}
