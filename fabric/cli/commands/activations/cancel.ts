/** `fabric activations cancel`, `fabric agents cancel-activation`. */
import type { Command } from '../../command.ts';
import { printLine } from '../../terminal.ts';

export const cancelActivation: Command = {
  path: ['activations', 'cancel'],
  summary: 'Cancel an activation, and stop its jobs',
  parameters: [{ name: 'id', description: 'id of the activation' }],
  options: [{ flags: '--inFlight', description: 'let its jobs run on to their end' }],
  async run(call) {
    const gateway = await call.context.gateway();
    const id = call.parameter(0);
    const { message } = await gateway.json<{ message: string }>(gateway.inProject('activations', id, 'cancel'), {
      method: 'POST',
      query: call.isOn('inFlight') ? { inFlight: 'true' } : {},
      about: `activation ${id}`,
    });
    await printLine(call.context.terminal, message);
  },
};
