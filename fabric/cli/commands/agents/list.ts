/** `fabric agents list`. */
import type { Command } from '../../command.ts';
import { documentColumns, type ShownDocument } from '../../documents/kind.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';

export const listAgents: Command = {
  path: ['agents', 'list'],
  alias: 'l',
  summary: 'List agents',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const { agents } = await gateway.json<{ agents: ShownDocument[] }>(gateway.inProject('agents'), {
      query: listQuery(call, '{"updatedAt":-1}'),
      about: 'list of agents',
    });
    await printList(call, { rows: agents, columns: documentColumns(call.context.world.clock.now()), what: 'agents' });
  },
};
