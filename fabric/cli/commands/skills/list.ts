/** `fabric skills list`. */
import type { Command } from '../../command.ts';
import { documentColumns, type ShownDocument } from '../../documents/kind.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';

interface ShownSkill extends ShownDocument {
  readonly deployStatus?: string;
  readonly actionStatuses?: readonly { readonly name: string; readonly state: string }[];
}

export const listSkills: Command = {
  path: ['skills', 'list'],
  alias: 'l',
  summary: 'List skills with the state of their actions',
  options: [
    { flags: '--nostatus', description: 'without the state of their actions' },
    { flags: '--noshared', description: 'without those of the shared project' },
    ...listOptions,
  ],
  async run(call) {
    const gateway = await call.context.gateway();
    const { skills } = await gateway.json<{ skills: ShownSkill[] }>(gateway.inProject('skills'), {
      query: {
        ...listQuery(call, '{"updatedAt":-1}'),
        status: String(!call.isOn('nostatus')),
        shared: String(!call.isOn('noshared')),
      },
      about: 'list of skills',
    });
    const [name, title, description, ...rest] = documentColumns<ShownSkill>(call.context.world.clock.now());
    const status = { title: 'Status', width: 30, value: statusOf };
    const columns = [name, title, description, ...(call.isOn('nostatus') ? [] : [status]), ...rest];
    await printList(call, { rows: skills, columns: columns.filter((column) => column !== undefined), what: 'skills' });
  },
};

function statusOf({ actionStatuses = [], deployStatus }: ShownSkill): string | undefined {
  if (actionStatuses.length === 0) return deployStatus;
  return actionStatuses.map(({ name, state }) => `${name}: ${state}`).join(' ');
}
