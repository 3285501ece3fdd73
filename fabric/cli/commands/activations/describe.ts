/** `fabric activations describe`, `fabric agents get-activation`: the record, or a report of its way. */
import type { Command } from '../../command.ts';
import { documentOptions, printDocument } from '../../lists.ts';
import { tableOf } from '../../output/table.ts';
import { printLine } from '../../terminal.ts';

interface Transit {
  readonly name: string;
  readonly title?: string;
  readonly type?: string;
  readonly status: string;
  /** Epoch ms. */
  readonly start: number;
  readonly end?: number;
  /** ms. */
  readonly elapsed?: number;
}

interface Report {
  readonly status: string;
  readonly elapsed?: number;
  readonly transits?: readonly Transit[];
}

export const getActivation: Command = {
  path: ['activations', 'describe'],
  alias: 'get',
  summary: 'Describe an activation, or report its way',
  parameters: [{ name: 'id', description: 'id of the activation' }],
  options: [
    { flags: '--verbose', description: 'with its transits' },
    { flags: '--report', description: 'a table of its transits' },
    { flags: '--json', description: 'the report as JSON' },
    ...documentOptions,
  ],
  async run(call) {
    const gateway = await call.context.gateway();
    const id = call.parameter(0);
    const isReport = call.isOn('report');
    const query = isReport ? { report: 'true' } : call.isOn('verbose') ? { verbose: 'true' } : {};
    const activation = await gateway.json<Report>(gateway.inProject('activations', id), {
      query,
      about: `activation ${id}`,
    });
    if (!isReport || call.isOn('json') || call.isGiven('query')) return printDocument(call, activation);
    const { terminal } = call.context;
    const { status, elapsed, transits = [] } = activation;
    await printLine(terminal, `Status: ${status}`);
    await printLine(terminal, `Elapsed time (ms): ${elapsed ?? '-'}`);
    await printLine(
      terminal,
      tableOf(
        columns,
        [...transits].sort((one, other) => one.start - other.start),
      ),
    );
  },
};

const columns = [
  { title: 'Name', width: 40, value: ({ name }: Transit) => name },
  { title: 'Title', width: 40, value: ({ title }: Transit) => title },
  { title: 'Type', width: 20, value: ({ type }: Transit) => type },
  { title: 'Status', width: 20, value: ({ status }: Transit) => status },
  { title: 'Elapsed (ms)', width: 20, value: ({ elapsed }: Transit) => elapsed },
];
