/** `fabric content delete`. */
import type { Command } from '../../command.ts';
import { printAnswer } from '../../lists.ts';
import { pathOfKey } from './key.ts';

export const deleteContent: Command = {
  path: ['content', 'delete'],
  summary: 'Delete content',
  parameters: [{ name: 'key', description: 'its key' }],
  async run(call) {
    const gateway = await call.context.gateway();
    const key = call.parameter(0);
    const about = `content ${key}`;
    await printAnswer(call, await gateway.json(pathOfKey(gateway, key), { method: 'DELETE', about }));
  },
};
