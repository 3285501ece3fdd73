/** `fabric actions describe`. */
import type { Command } from '../../command.ts';
import { documentOptions, printDocument } from '../../lists.ts';

export const describeAction: Command = {
  path: ['actions', 'describe'],
  alias: 'get',
  summary: 'Describe an action',
  parameters: [{ name: 'action', description: 'its name' }],
  options: documentOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const { action } = await gateway.json<{ action: unknown }>(gateway.inProject('actions', name), {
      about: `action ${name}`,
    });
    await printDocument(call, action);
  },
};
