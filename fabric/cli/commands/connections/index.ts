/** The commands of `fabric connections`. */
import type { Command } from '../../command.ts';
import { deleteCommand, describePlainCommand } from '../../documents/by-name.ts';
import type { DocumentKind, ShownDocument } from '../../documents/kind.ts';
import { saveCommand } from '../../documents/save.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { relative } from '../../output/time.ts';

interface ShownConnection extends ShownDocument {
  readonly connectionType?: string;
}

const connection: DocumentKind = { area: 'connections', name: 'connection', title: 'Connection' };

const listConnections: Command = {
  path: ['connections', 'list'],
  alias: 'l',
  summary: 'List connections',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const path = gateway.inProject('connections');
    const { connections } = await gateway.json<{ connections: ShownConnection[] }>(path, {
      query: listQuery(call, '{"createdAt":-1}'),
      about: 'list of connections',
    });
    const now = call.context.world.clock.now();
    const columns = [
      { title: 'Name', width: 40, value: ({ name }: ShownConnection) => name },
      { title: 'Title', width: 40, value: ({ title }: ShownConnection) => title },
      { title: 'Description', width: 50, value: ({ description }: ShownConnection) => description },
      { title: 'Connection Type', width: 25, value: ({ connectionType }: ShownConnection) => connectionType },
      { title: 'Created On', width: 26, value: ({ createdAt }: ShownConnection) => relative(createdAt, now) },
    ];
    await printList(call, { rows: connections, columns, what: 'connections' });
  },
};

const listTypes: Command = {
  path: ['connections', 'list-types'],
  summary: 'List kinds of connections with their parameters',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const { limit, skip } = listQuery(call);
    const answer = await gateway.json<{ connectionTypes: ShownDocument[] }>('/fabric/v4/connectiontypes', {
      query: { limit, skip },
      about: 'list of kinds of connections',
    });
    const columns = [
      { title: 'Name', width: 40, value: ({ name }: ShownDocument) => name },
      { title: 'Title', width: 40, value: ({ title }: ShownDocument) => title },
    ];
    await printList(call, { rows: answer.connectionTypes, columns, what: 'kinds of connections' });
  },
};

export const connectionsCommands: readonly Command[] = [
  saveCommand(connection),
  listConnections,
  describePlainCommand(connection),
  deleteCommand(connection),
  listTypes,
];
