/** The commands of `fabric agents`. */
import type { Command } from '../../command.ts';
import { deleteCommand, deployCommand, describeCommand } from '../../documents/by-name.ts';
import type { DocumentKind } from '../../documents/kind.ts';
import { saveCommand } from '../../documents/save.ts';
import { cancelActivation, getActivation, listActivations } from '../activations/index.ts';
import { invokeAgent } from './invoke.ts';
import { listAgents } from './list.ts';
import { listServices } from './list-services.ts';
import { snapshotCommands } from './snapshots.ts';

const agent: DocumentKind = { area: 'agents', name: 'agent', title: 'Agent' };

export const agentsCommands: readonly Command[] = [
  saveCommand(agent),
  listAgents,
  describeCommand(agent, ['json', 'yaml']),
  deployCommand(agent, 'deploy'),
  deployCommand(agent, 'undeploy'),
  deleteCommand(agent),
  listServices,
  invokeAgent,
  // Under the names that the field's command line has for them.
  renamed(listActivations, 'list-activations'),
  renamed(getActivation, 'get-activation'),
  renamed(cancelActivation, 'cancel-activation'),
  ...snapshotCommands,
];

function renamed({ alias: _, ...command }: Command, word: string): Command {
  return { ...command, path: ['agents', word] };
}
