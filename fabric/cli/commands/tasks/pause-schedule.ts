/** `fabric tasks pauseSchedule`: no run is started until it is resumed, or until a time. */
import type { Command } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { printAnswer } from '../../lists.ts';

export const pauseSchedule: Command = {
  path: ['tasks', 'pauseSchedule'],
  summary: 'Pause schedules',
  parameters: [{ name: 'schedules', description: 'their names', isVariadic: true }],
  options: [
    { flags: '--until <time>', description: 'when to go on by itself, ISO 8601: 2026-12-01T08:00:00Z' },
    { flags: '--reason <text>', description: 'why, for whoever describes it' },
  ],
  async run(call) {
    const until = call.text('until');
    if (until !== undefined && Number.isNaN(Date.parse(until))) {
      throw usageError(`--until must be a time as of ISO 8601, as 2026-12-01T08:00:00Z, not ${JSON.stringify(until)}`);
    }
    const reason = call.text('reason');
    const body = { ...(until === undefined ? {} : { until }), ...(reason === undefined ? {} : { reason }) };
    const gateway = await call.context.gateway();
    for (const name of call.parameters(0)) {
      const path = gateway.inProject('tasks', name, 'pause');
      const json = Object.keys(body).length > 0 ? { json: body } : {};
      const query = { verbose: 'false' };
      await printAnswer(call, await gateway.json(path, { method: 'POST', query, ...json, about: `task ${name}` }));
    }
  },
};
