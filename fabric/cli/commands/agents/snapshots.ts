/** `fabric agents list-snapshots | create-snapshot | describe-snapshot`: an agent as it was with all that it needs. */
import type { Command } from '../../command.ts';
import { documentOptions, listOptions, listQuery, printDocument, printList } from '../../lists.ts';
import { relative } from '../../output/time.ts';

interface ShownSnapshot {
  readonly snapshotId: string;
  readonly title?: string;
  readonly createdAt?: number | string;
  readonly createdBy?: string;
}

const agentParameter = { name: 'agent', description: 'name of the agent' };

const listSnapshots: Command = {
  path: ['agents', 'list-snapshots'],
  summary: 'List the snapshots of an agent',
  parameters: [agentParameter],
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const path = gateway.inProject('agents', name, 'snapshots');
    const { snapshots } = await gateway.json<{ snapshots: ShownSnapshot[] }>(path, {
      query: listQuery(call, '{"createdAt":-1}'),
      about: `snapshots of agent ${name}`,
    });
    const now = call.context.world.clock.now();
    const columns = [
      { title: 'Snapshot ID', width: 40, value: ({ snapshotId }: ShownSnapshot) => snapshotId },
      { title: 'Title', width: 40, value: ({ title }: ShownSnapshot) => title },
      { title: 'Created On', width: 26, value: ({ createdAt }: ShownSnapshot) => relative(createdAt, now) },
      { title: 'Author', width: 25, value: ({ createdBy }: ShownSnapshot) => createdBy },
    ];
    await printList(call, { rows: snapshots, columns, what: 'snapshots' });
  },
};

const createSnapshot: Command = {
  path: ['agents', 'create-snapshot'],
  summary: 'Make a snapshot of an agent',
  parameters: [agentParameter],
  options: [{ flags: '--title <text>', description: 'what it is for' }, ...documentOptions],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const json = { agentName: name, title: call.text('title') ?? name };
    const path = gateway.inProject('agents', name, 'snapshots');
    await printDocument(call, await gateway.json(path, { method: 'POST', json, about: `snapshot of agent ${name}` }));
  },
};

const describeSnapshot: Command = {
  path: ['agents', 'describe-snapshot'],
  summary: 'Describe a snapshot',
  parameters: [{ name: 'id', description: 'id of the snapshot' }],
  options: documentOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const id = call.parameter(0);
    const query = { output: 'json', deps: 'true' };
    await printDocument(
      call,
      await gateway.json(gateway.inProject('snapshots', id), { query, about: `snapshot ${id}` }),
    );
  },
};

export const snapshotCommands = [listSnapshots, createSnapshot, describeSnapshot];
