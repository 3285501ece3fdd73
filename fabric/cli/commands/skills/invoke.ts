/** `fabric skills invoke`: one input of a skill, without an agent. */
import type { Command } from '../../command.ts';
import { messageOf, messageOptions } from '../../documents/invoke.ts';
import { documentOptions, printDocument } from '../../lists.ts';

export const invokeSkill: Command = {
  path: ['skills', 'invoke'],
  summary: 'Invoke an input of a skill',
  parameters: [
    { name: 'skill', description: 'name of the skill' },
    { name: 'input', description: 'name of the input' },
  ],
  options: [...messageOptions, ...documentOptions],
  async run(call) {
    const [skill, input] = [call.parameter(0), call.parameter(1)];
    const gateway = await call.context.gateway();
    const answer = await gateway.json(gateway.inProject('skillinvoke', skill, 'inputs', input), {
      method: 'POST',
      query: { sync: String(call.isOn('sync')) },
      json: await messageOf(call),
      about: `input ${input} of skill ${skill}`,
    });
    await printDocument(call, answer);
  },
};
