/** The commands of `fabric sessions`. */
import type { Command } from '../../command.ts';
import { deleteCommand } from '../../documents/by-name.ts';
import { readDocument } from '../../input.ts';
import { documentOptions, listOptions, listQuery, printDocument, printList } from '../../lists.ts';
import { printLine } from '../../terminal.ts';

interface ShownSession {
  readonly sessionId: string;
  /** Seconds. */
  readonly ttl?: number;
  readonly description?: string;
}

const saveSession: Command = {
  path: ['sessions', 'save'],
  summary: 'Start a session of a file, JSON or YAML: ttl, description, state',
  parameters: [{ name: 'file', description: 'its file; - is standard input' }],
  async run(call) {
    const gateway = await call.context.gateway();
    const file = call.parameter(0);
    const json = await readDocument(call.context.surroundings, file);
    const path = gateway.inProject('sessions');
    const { sessionId } = await gateway.json<ShownSession>(path, { method: 'POST', json, about: `session of ${file}` });
    await printLine(call.context.terminal, `Session saved: ${sessionId}`);
  },
};

const listSessions: Command = {
  path: ['sessions', 'list'],
  alias: 'l',
  summary: 'List sessions',
  options: listOptions,
  async run(call) {
    const gateway = await call.context.gateway();
    const { sessions } = await gateway.json<{ sessions: ShownSession[] }>(gateway.inProject('sessions'), {
      query: listQuery(call),
      about: 'list of sessions',
    });
    const columns = [
      { title: 'Session Id', width: 40, value: ({ sessionId }: ShownSession) => sessionId },
      { title: 'TTL (s)', width: 12, value: ({ ttl }: ShownSession) => ttl },
      { title: 'Description', width: 60, value: ({ description }: ShownSession) => description },
    ];
    await printList(call, { rows: sessions, columns, what: 'sessions' });
  },
};

const describeSession: Command = {
  path: ['sessions', 'describe'],
  alias: 'get',
  summary: 'Describe a session with its state',
  parameters: [{ name: 'session', description: 'its id' }],
  options: [{ flags: '--key <name>', description: 'only this key of its state' }, ...documentOptions],
  async run(call) {
    const gateway = await call.context.gateway();
    const id = call.parameter(0);
    const query = { verbose: 'true', key: call.text('key') };
    await printDocument(call, await gateway.json(gateway.inProject('sessions', id), { query, about: `session ${id}` }));
  },
};

const session = { area: 'sessions', name: 'session', title: 'Session' };

export const sessionsCommands: readonly Command[] = [
  saveSession,
  listSessions,
  describeSession,
  deleteCommand(session),
];
