/** `fabric agents list-services`: what an agent can be asked for. */
import type { Command } from '../../command.ts';
import { documentText } from '../../output/documents.ts';
import { tableOf } from '../../output/table.ts';
import { printLine } from '../../terminal.ts';

interface Service {
  readonly name: string;
  readonly signalType?: string;
  readonly parameters?: readonly { readonly name: string; readonly type?: string; readonly format?: string }[] | object;
}

export const listServices: Command = {
  path: ['agents', 'list-services'],
  summary: 'List the services of an agent',
  parameters: [{ name: 'agent', description: 'its name' }],
  options: [{ flags: '--json [expression]', description: 'print JSON, or what a JMESPath expression takes out of it' }],
  async run(call) {
    const gateway = await call.context.gateway();
    const name = call.parameter(0);
    const query = { verbose: 'false', output: 'json' };
    const { inputs = [] } = await gateway.json<{ inputs?: readonly Service[] }>(gateway.inProject('agents', name), {
      query,
      about: `agent ${name}`,
    });
    const services = inputs.filter(({ signalType }) => signalType?.toLowerCase() === 'service');
    const { terminal } = call.context;
    if (call.isGiven('json')) return printLine(terminal, documentText(services, call.text('json')));
    if (services.length === 0) return printLine(terminal, 'No services found');
    const columns = [
      { title: 'Service Name', width: 25, value: (service: Service) => service.name },
      { title: 'Parameters', width: 80, value: (service: Service) => parametersText(service) },
    ];
    await printLine(terminal, tableOf(columns, services));
  },
};

function parametersText({ parameters = [] }: Service): string {
  if (!Array.isArray(parameters)) return JSON.stringify(parameters);
  return parameters
    .map(({ name, type, format }) => [name, [type, format].filter(Boolean).join(' ')].join(': '))
    .join(', ');
}
