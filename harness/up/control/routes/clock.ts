/** `/clock`: what time it is, how fast it passes, and a jump ahead. */
import { z } from 'zod';
import { json, named } from '../../../../fabric/openapi/operation.ts';
import { isSpeed, SPEED_MAXIMUM } from '../../../../world/simulated/pacing.ts';
import { DurationError, durationMs } from '../../../documents/duration.ts';
import { Fields } from '../../../documents/fields.ts';
import { readJson, sendJson } from '../bodies.ts';
import { ControlError } from '../errors.ts';
import { type ControlOptions, type ControlRequest, route } from '../route.ts';

/** Timestamps of Kubernetes end with the year 9999. */
const latest = Date.UTC(9999, 11, 31);

const clock = named(
  'Clock',
  z.strictObject({
    now: z.number().describe('Virtual time, epoch ms.'),
    iso: z.string().describe('The same, as ISO 8601.'),
    speed: z.number().describe('How many times as fast as the wall’s clock virtual time passes.'),
    behind: z.number().describe('Virtual time, ms, that the machine owes at this speed.'),
  }),
);

const change = z.union([
  z.strictObject({
    advance: z.string().describe('A duration, `1h30m`: answered when that much virtual time has passed.'),
    force: z.boolean().optional().describe('Although a real program runs, which lives in real time.'),
  }),
  z.strictObject({
    speed: z.number().gt(0).max(SPEED_MAXIMUM).describe('Times the wall’s clock; the largest is as fast as can be.'),
    force: z.boolean().optional(),
  }),
]);

export const readClock = route(
  {
    operationId: 'readClock',
    method: 'GET',
    path: '/clock',
    tag: 'clock',
    summary: 'Tells the time, and how fast it passes',
    answer: json(clock),
  },
  async ({ options, response }) => sendJson(response, 200, clockOf(options)),
);

export const changeClock = route(
  {
    operationId: 'changeClock',
    method: 'POST',
    path: '/clock',
    tag: 'clock',
    summary: 'Advances the time, or changes its speed; answered when it is done',
    description: 'Advances come one after another; one whose client hangs up ends there.',
    body: change,
    answer: json(clock),
    refuses: [409],
  },
  changed,
);

async function changed({ options, request, response }: ControlRequest): Promise<void> {
  const wanted = await readJson(request);
  const { advance, speed } = wanted;
  const fields = new Fields(wanted, 'the clock');
  fields.optionalText('advance');
  fields.has('speed');
  const force = fields.optionalTrue('force');
  fields.end();
  if ((advance === undefined) === (speed === undefined)) {
    throw new ControlError(400, 'say either {"advance": "1h"} or {"speed": 60}');
  }
  if (speed !== undefined && !isSpeed(speed)) {
    const given = JSON.stringify(speed);
    throw new ControlError(400, `speed must be a number above 0, at most ${SPEED_MAXIMUM}, not ${given}`);
  }
  const advanceMs = advance === undefined ? undefined : advanceOf(advance, options.simulation.now());
  if (!force && speed !== 1) checkNothingRuns(options);
  if (isSpeed(speed)) options.pacing.setSpeed(speed);
  if (advanceMs !== undefined) {
    await options.programs.daemonsStarted();
    await options.pacing.advance(advanceMs, request.signal);
  }
  sendJson(response, 200, clockOf(options));
}

function checkNothingRuns({ programs }: ControlOptions): void {
  const running = programs.list();
  if (running.length === 0) return;
  throw new ControlError(
    409,
    `a real program is running in real time: ${running.join('; ')}. Wait for its end, or add "force": true`,
  );
}

function clockOf({ simulation, pacing }: ControlOptions): object {
  const { speed, behind } = pacing;
  return { now: simulation.now(), iso: new Date(simulation.now()).toISOString(), speed, behind };
}

function advanceOf(advance: unknown, now: number): number {
  if (typeof advance !== 'string') throw new DurationError(JSON.stringify(advance));
  const duration = durationMs(advance);
  if (now + duration > latest) throw new ControlError(400, `advance ${advance} goes beyond the year 9999`);
  return duration;
}
