/** The gateway's image as a program: of its commands the one that skills run, `sys-invoke-skill`. */
import { invokeAgent } from '../../fabric/sys-invoke-skill/invoke.ts';
import { sysInvokeArguments } from '../../fabric/sys-invoke-skill/skill.ts';
import type { Program } from '../../simulator/node/runtimes/programs/program.ts';

export const fabricGateway: Program = async ({ world, args, environment, signal, write, terminationMessage }) => {
  const [command, payload = '{}'] = args;
  if (command !== sysInvokeArguments[0]) {
    await write('the gateway itself does not run as a pod here: only sys-invoke-skill does\n', 'stderr');
    return 2;
  }
  const print = (line: string) => write(`${line}\n`);
  return invokeAgent({ world, payload, environment, signal, print, terminationMessage });
};
