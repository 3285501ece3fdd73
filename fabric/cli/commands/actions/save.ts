/** `fabric actions save`: of a file, of flags, or of both (contract 7). */
import type { Command, CommandCall } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { readDocument } from '../../input.ts';
import { printAnswer } from '../../lists.ts';
import { actionAdditions, skillFileOptions } from '../skills/files.ts';

export const saveAction: Command = {
  path: ['actions', 'save'],
  summary: 'Save an action of a file, JSON or YAML, or of flags',
  parameters: [{ name: 'file', description: 'its file; - is standard input', isOptional: true }],
  options: [
    { flags: '--actionName <name>', description: 'its name' },
    { flags: '--actionType <type>', description: 'what it is', choices: ['job', 'daemon'] },
    { flags: '--docker <image>', description: 'image of its container' },
    { flags: '--cmd <command>', description: 'command as a JSON list: ["python", "main.py"]' },
    { flags: '--port <port>', description: 'port of a daemon' },
    { flags: '--environmentVariables <pairs>', description: 'variables: "A"="b","C"="d"' },
    { flags: '--jobTimeout <seconds>', description: 'when a job has failed' },
    ...skillFileOptions,
  ],
  async run(call) {
    const file = call.parameter(0);
    const document = {
      ...(file === '' ? {} : await readDocument(call.context.surroundings, file)),
      ...flagged(call),
      ...(await actionAdditions(call)),
    };
    if (!('name' in document)) throw usageError('an action needs a name: by --actionName, or in a file');
    const gateway = await call.context.gateway();
    const query = { actionType: call.text('actionType') };
    const about = `action ${document.name}`;
    await printAnswer(
      call,
      await gateway.json(gateway.inProject('actions'), { method: 'POST', query, json: document, about }),
    );
  },
};

function flagged(call: CommandCall): Record<string, unknown> {
  const jobTimeout = call.count('jobTimeout', 1);
  const values = {
    name: call.text('actionName'),
    type: call.text('actionType'),
    image: call.text('docker'),
    command: commandOf(call.text('cmd')),
    port: call.text('port'),
    environmentVariables: call.text('environmentVariables'),
    jobTimeout,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function commandOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    const command: unknown = JSON.parse(text);
    if (Array.isArray(command) && command.every((word) => typeof word === 'string')) return command;
  } catch {
    // Told below.
  }
  throw usageError(`--cmd must be a JSON list of words, as ["python", "main.py"], not ${JSON.stringify(text)}`);
}
