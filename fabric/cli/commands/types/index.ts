/** The commands of `fabric types`. */
import type { Command } from '../../command.ts';
import { deleteCommand, describePlainCommand } from '../../documents/by-name.ts';
import { type DocumentKind, documentColumns, type ShownDocument } from '../../documents/kind.ts';
import { readDocument } from '../../input.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { printLine } from '../../terminal.ts';

const type: DocumentKind = { area: 'types', name: 'type', title: 'Type' };

/** A file holds one type, or a list of them as `types`. */
const saveTypes: Command = {
  path: ['types', 'save'],
  summary: 'Save types of files, JSON or YAML',
  parameters: [{ name: 'files', description: 'their files; - is standard input', isVariadic: true }],
  async run(call) {
    const gateway = await call.context.gateway();
    for (const file of call.parameters(0)) {
      const document = await readDocument(call.context.surroundings, file);
      const types = Array.isArray(document.types) ? (document.types as { name?: unknown }[]) : [document];
      await gateway.json(gateway.inProject('types'), { method: 'POST', json: { types }, about: `types of ${file}` });
      const names = types.map(({ name }) => JSON.stringify(name)).join(', ');
      await printLine(call.context.terminal, `Type ${names} saved in project ${JSON.stringify(gateway.project)}`);
    }
  },
};

const listTypes: Command = {
  path: ['types', 'list'],
  alias: 'l',
  summary: 'List types',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const { types } = await gateway.json<{ types: ShownDocument[] }>(gateway.inProject('types'), {
      query: listQuery(call, '{"updatedAt":-1}'),
      about: 'list of types',
    });
    await printList(call, { rows: types, columns: documentColumns(call.context.world.clock.now()), what: 'types' });
  },
};

export const typesCommands: readonly Command[] = [
  saveTypes,
  listTypes,
  describePlainCommand(type),
  deleteCommand(type),
];
