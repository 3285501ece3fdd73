/** `fabric agents invoke`: now, or by a schedule. */
import type { Command } from '../../command.ts';
import { messageOf, messageOptions } from '../../documents/invoke.ts';
import { usageError } from '../../errors.ts';
import { documentOptions, printDocument } from '../../lists.ts';

export const invokeAgent: Command = {
  path: ['agents', 'invoke'],
  summary: 'Invoke a service of an agent, now or by a schedule',
  parameters: [
    { name: 'agent', description: 'name of the agent' },
    { name: 'service', description: 'name of the service' },
  ],
  options: [
    ...messageOptions,
    { flags: '--scheduleCron <expression>', description: 'when: "*/5 * * * *", "@hourly"' },
    { flags: '--scheduleName <name>', description: 'name of the schedule; the agent’s unless given' },
    { flags: '--idempotency-key <key>', description: 'invocations of one key are one activation' },
    ...documentOptions,
  ],
  async run(call) {
    const [agent, service] = [call.parameter(0), call.parameter(1)];
    const [scheduleCron, scheduleName] = [call.text('scheduleCron'), call.text('scheduleName')];
    if (scheduleName !== undefined && scheduleCron === undefined) {
      throw usageError('--scheduleName names a schedule: say when by --scheduleCron, as "*/5 * * * *"');
    }
    const isSync = call.isOn('sync');
    if (isSync && scheduleCron !== undefined)
      throw usageError('--sync waits for one activation: a schedule has none yet');
    const key = call.text('idempotencyKey');
    const gateway = await call.context.gateway();
    const answer = await gateway.json(gateway.inProject('agentinvoke', agent, 'services', service), {
      method: 'POST',
      query: { sync: String(isSync), scheduleName, scheduleCron },
      json: await messageOf(call),
      ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      about: `service ${service} of agent ${agent}`,
    });
    await printDocument(call, answer);
  },
};
