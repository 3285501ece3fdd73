/** `fabric actions list`. */
import type { Command } from '../../command.ts';
import type { ShownDocument } from '../../documents/kind.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { relative } from '../../output/time.ts';

interface ShownAction extends ShownDocument {
  readonly type?: string;
  readonly image?: string;
}

export const listActions: Command = {
  path: ['actions', 'list'],
  alias: 'l',
  summary: 'List actions',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const { actions } = await gateway.json<{ actions: ShownAction[] }>(gateway.inProject('actions'), {
      query: listQuery(call, '{"updatedAt":-1}'),
      about: 'list of actions',
    });
    const now = call.context.world.clock.now();
    const columns = [
      { title: 'Name', width: 40, value: ({ name }: ShownAction) => name },
      { title: 'Type', width: 15, value: ({ type }: ShownAction) => type },
      { title: 'Image', width: 60, value: ({ image }: ShownAction) => image },
      { title: 'Modified', width: 26, value: ({ updatedAt }: ShownAction) => relative(updatedAt, now) },
      { title: 'Author', width: 25, value: ({ createdBy }: ShownAction) => createdBy },
    ];
    await printList(call, { rows: actions, columns, what: 'actions' });
  },
};
