/**
 * How many timer steps a second virtual time makes: `node perf/world/step.ts [steps]`. Bound: at least 100,000 a second
 * on one core of the reference machine; a day of a minutely schedule makes some tens of thousands.
 *
 * A step is one instant: the clock goes there, one callback runs and sets the next timer, and the event loop is seen
 * idle.
 */
import '../../harness/unread-output.ts';
import { Simulation } from '../../world/simulated/simulation.ts';
import { printRates, rateOf } from './rate.ts';

const STEPS = Number(process.argv[2] ?? 200_000);
const START = Date.UTC(2026, 0, 1);

async function timers(steps: number): Promise<void> {
  const simulation = new Simulation({ seed: 1, startAt: START });
  const { clock } = simulation.process('p');
  const tick = () => void clock.after(1000, tick);
  tick();
  await simulation.advance(steps * 1000);
}

async function sleeps(steps: number): Promise<void> {
  const simulation = new Simulation({ seed: 1, startAt: START });
  const { clock } = simulation.process('p');
  const live = async () => {
    for (;;) await clock.sleep(1000);
  };
  void live();
  await simulation.advance(steps * 1000);
}

/** Ten thousand timers that stand far in the future, as deadlines do. */
async function crowded(steps: number): Promise<void> {
  const simulation = new Simulation({ seed: 1, startAt: START });
  const { clock } = simulation.process('p');
  for (let index = 0; index < 10_000; index++) clock.after(1e9 + index, () => undefined);
  const tick = () => void clock.after(1000, tick);
  tick();
  await simulation.advance(steps * 1000);
}

/** One instant with many timers, as on a full minute. */
async function together(steps: number): Promise<void> {
  const simulation = new Simulation({ seed: 1, startAt: START });
  const { clock } = simulation.process('p');
  for (let index = 0; index < steps; index++) clock.after(1000, () => undefined);
  await simulation.advance(2000);
}

async function turns(steps: number): Promise<void> {
  for (let index = 0; index < steps; index++) await new Promise((resolve) => setImmediate(resolve));
}

printRates([
  await rateOf('a bare turn of the event loop', STEPS, turns),
  await rateOf('timer steps', STEPS, timers),
  await rateOf('sleeps', STEPS, sleeps),
  await rateOf('timer steps among 10,000 waiting timers', STEPS, crowded),
  await rateOf('timers of one instant', STEPS, together),
]);
