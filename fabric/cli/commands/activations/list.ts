/** `fabric activations list`, `fabric agents list-activations`. */
import type { Command } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { listOptions, listQuery, printList } from '../../lists.ts';
import { relative, took } from '../../output/time.ts';

interface ShownActivation {
  readonly activationId: string;
  readonly agentName?: string;
  readonly skillName?: string;
  readonly status: string;
  /** Epoch ms. */
  readonly start?: number;
  readonly end?: number;
  readonly username?: string;
}

/** One of them must be given: nobody wants all activations of a project. */
const subjects = ['agentName', 'skillName', 'correlationId', 'status'];
const times = ['startBefore', 'startAfter', 'endBefore', 'endAfter'];

export const listActivations: Command = {
  path: ['activations', 'list'],
  summary: 'List activations of an agent, a skill, a schedule or a status',
  options: [
    ...subjects.map((name) => ({ flags: `--${name} <text>`, description: `only those of this ${name}` })),
    ...times.map((name) => ({ flags: `--${name} <time>`, description: 'ISO 8601, or epoch milliseconds' })),
    { flags: '--wide', description: 'how long they took, and who invoked' },
    ...listOptions,
  ],
  async run(call) {
    if (!subjects.some((name) => call.isGiven(name)) && !call.isGiven('filter')) {
      throw usageError(`say which: ${subjects.map((name) => `--${name}`).join(', ')} or --filter`);
    }
    const gateway = await call.context.gateway();
    const { activations } = await gateway.json<{ activations: ShownActivation[] }>(gateway.inProject('activations'), {
      query: {
        ...listQuery(call, '{"start":-1}'),
        ...Object.fromEntries([...subjects, ...times].map((name) => [name, call.text(name)])),
        status: call.text('status')?.toUpperCase(),
      },
      about: 'list of activations',
    });
    const now = call.context.world.clock.now();
    const more = [
      { title: 'Took', width: 25, value: ({ start, end }: ShownActivation) => took(start, end) },
      { title: 'Username', width: 30, value: ({ username }: ShownActivation) => username },
    ];
    const columns = [
      { title: 'Name', width: 60, value: nameOf },
      { title: 'Activation Id', width: 40, value: ({ activationId }: ShownActivation) => activationId },
      { title: 'Status', width: 20, value: ({ status }: ShownActivation) => status },
      { title: 'Started', width: 25, value: ({ start }: ShownActivation) => relative(start, now) },
      ...(call.isOn('wide') ? more : []),
    ];
    await printList(call, { rows: activations, columns, what: 'activations' });
  },
};

function nameOf({ agentName, skillName }: ShownActivation): string {
  return agentName === undefined ? `${skillName} (Skill)` : `${agentName} (Agent)`;
}
