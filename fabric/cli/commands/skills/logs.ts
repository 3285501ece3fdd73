/** `fabric skills logs`: what the pods of a skill's action have printed. */
import type { Command } from '../../command.ts';
import { printDocument } from '../../lists.ts';

export const skillLogs: Command = {
  path: ['skills', 'logs'],
  summary: 'Print the logs of an action of a skill',
  parameters: [
    { name: 'skill', description: 'name of the skill' },
    { name: 'action', description: 'name of the action' },
  ],
  options: [{ flags: '--raw', description: 'as text' }],
  async run(call) {
    const [skill, action] = [call.parameter(0), call.parameter(1)];
    const gateway = await call.context.gateway();
    const path = gateway.inProject('skills', skill, 'action', action, 'logs');
    const about = `logs of action ${action} of skill ${skill}`;
    if (!call.isOn('raw')) return printDocument(call, await gateway.json(path, { query: { raw: 'false' }, about }));
    const answer = await gateway.open(path, { query: { raw: 'true' }, about });
    for await (const chunk of answer.body ?? []) await call.context.terminal.out(chunk as Uint8Array);
  },
};
