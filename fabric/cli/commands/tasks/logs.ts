/** `fabric tasks logs`: what a task has printed; followed, until it has ended and its last line is there. */

import { isObject, jsonOrUndefined } from '../../../http/index.ts';
import type { Command, CommandCall } from '../../command.ts';
import { CommandError, usageError } from '../../errors.ts';
import type { GatewayClient } from '../../gateway/client.ts';
import { eventsOf } from '../../gateway/events.ts';
import { followed } from '../../gateway/follow.ts';
import type { ShownTask } from './task.ts';

export const taskLogs: Command = {
  path: ['tasks', 'logs'],
  summary: 'Print the log of a task or run',
  parameters: [{ name: 'task', description: 'its name' }],
  options: [
    { flags: '--follow', description: 'go on until the task has ended' },
    { flags: '--raw', description: 'the whole log from managed content, byte for byte' },
    { flags: '--exit-code', description: 'end with 1 when the task has failed' },
  ],
  async run(call) {
    if (call.isOn('follow') && call.isOn('raw')) throw usageError('--raw and --follow do not go together: choose one');
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    if (call.isOn('raw')) await printRaw(call, gateway, name);
    else if (call.isOn('follow')) await printFollowed(call, gateway, name);
    else await printText(call, gateway, name);
    if (call.isOn('exitCode')) await checkEnd(gateway, name);
  },
};

async function printText(call: CommandCall, gateway: GatewayClient, name: string): Promise<void> {
  interface LogText {
    readonly logs: string;
    readonly truncated?: boolean;
    readonly key?: string;
  }
  const { terminal } = call.context;
  const { logs, truncated, key } = await gateway.json<LogText>(gateway.inProject('tasks', name, 'logs'), {
    query: { follow: 'false', verbose: 'false' },
    about: `log of ${name}`,
  });
  if (truncated)
    await terminal.err(`only the end of a long log: "fabric content download ${key ?? ''}" has all of it\n`);
  await terminal.out(logs === '' || logs.endsWith('\n') ? logs : `${logs}\n`);
}

async function printRaw(call: CommandCall, gateway: GatewayClient, name: string): Promise<void> {
  const path = gateway.inProject('tasks', name, 'logs');
  const answer = await gateway.open(path, { query: { raw: 'true' }, about: `log of ${name}` });
  for await (const chunk of answer.body ?? []) await call.context.terminal.out(chunk as Uint8Array);
}

/** Events carry where they end: a connection that is lost goes on from there. */
async function printFollowed(call: CommandCall, gateway: GatewayClient, name: string): Promise<void> {
  const { terminal, surroundings } = call.context;
  const path = gateway.inProject('tasks', name, 'logs');
  const events = followed(surroundings, async (lastEventId) => {
    const headers = {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const query = { follow: 'true', verbose: 'false' };
    const answer = await gateway.open(path, { query, headers, about: `log of ${name}` }, { deadline: false });
    return eventsOf(answer.body ?? []);
  });
  for await (const { data } of events) {
    const value = jsonOrUndefined(data);
    const text = isObject(value) ? value.log : value;
    if (typeof text === 'string') await terminal.out(text);
  }
}

async function checkEnd(gateway: GatewayClient, name: string): Promise<void> {
  const { task } = await gateway.json<{ task: ShownTask & { statusReason?: string } }>(
    gateway.inProject('tasks', name),
  );
  const state = task.status ?? task.state ?? '';
  if (/^(FAILED|CANCELLED)$/.test(state)) {
    throw new CommandError('failed', `task ${name} is ${state}: ${task.statusReason ?? 'no reason is known'}`);
  }
}
