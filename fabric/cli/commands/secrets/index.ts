/** The commands of `fabric secrets`. Their values go in and never come out. */
import type { Command } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { readInput } from '../../input.ts';
import { listOptions, printAnswer, printDocument, printList } from '../../lists.ts';

const keyParameter = { name: 'key', description: 'key of the secret: letters, digits, ".", "-" and "/"' };

/** Slashes of a key stand in the path as they are (contract 3.13). */
const segmentsOf = (key: string) => ['secrets', ...key.split('/')];

const saveSecret: Command = {
  path: ['secrets', 'save'],
  summary: 'Save a secret; its value comes by a flag, a file or standard input',
  parameters: [keyParameter],
  options: [
    { flags: '--value <text>', description: 'its value; others on this machine may see it in the list of processes' },
    { flags: '--file <file>', description: 'a file with its value; - is standard input' },
  ],
  async run(call) {
    const [key, text, file] = [call.parameter(0), call.text('value'), call.text('file')];
    if ((text === undefined) === (file === undefined))
      throw usageError('say the value by --value or by --file, by one of them');
    const value =
      text ?? (await readInput(call.context.surroundings, file ?? '-')).toString('utf8').replace(/\r?\n$/, '');
    const gateway = await call.context.gateway();
    const path = gateway.inProject(...segmentsOf(key));
    await printAnswer(call, await gateway.json(path, { method: 'POST', json: { value }, about: `secret ${key}` }));
  },
};

const listSecrets: Command = {
  path: ['secrets', 'list'],
  alias: 'l',
  summary: 'List the keys of secrets',
  options: listOptions.filter(({ flags }) => /--json|--query/.test(flags)),
  async run(call) {
    const gateway = await call.context.gateway();
    const query = { list: 'true' };
    const keys = await gateway.json<string[]>(gateway.inProject('secrets'), { query, about: 'list of secrets' });
    const columns = [{ title: 'Secret Key Name', width: 60, value: (key: string) => key }];
    await printList(call, { rows: keys, columns, what: 'secrets' });
  },
};

const describeSecret: Command = {
  path: ['secrets', 'describe'],
  alias: 'get',
  summary: 'Tell whether a secret is there; its value is not shown',
  parameters: [keyParameter],
  async run(call) {
    const gateway = await call.context.gateway();
    const key = call.parameter(0);
    const path = gateway.inProject(...segmentsOf(key));
    await printDocument(call, await gateway.json(path, { about: `secret ${key}` }));
  },
};

const deleteSecret: Command = {
  path: ['secrets', 'delete'],
  summary: 'Delete a secret',
  parameters: [keyParameter],
  async run(call) {
    const gateway = await call.context.gateway();
    const key = call.parameter(0);
    const path = gateway.inProject(...segmentsOf(key));
    await printAnswer(call, await gateway.json(path, { method: 'DELETE', about: `secret ${key}` }));
  },
};

export const secretsCommands: readonly Command[] = [saveSecret, listSecrets, describeSecret, deleteSecret];
