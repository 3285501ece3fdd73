/** A step of bringing up: its name, its deadline and what to do when it fails. */
import { deadlineSignal } from '../../../../world/clock.ts';
import type { PartName } from '../parts.ts';
import type { Site } from '../site.ts';

export interface Step {
  /** As it reads in a list: `start etcd`. */
  readonly name: string;
  readonly deadlineMs: number;
  /** What to do when it fails. */
  readonly remedy: string;
  /** Whose last words belong into the message of a failure. */
  readonly program?: PartName;
  run(site: Site, signal: AbortSignal): Promise<void>;
}

export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
  readonly step: string;

  constructor(step: Step, cause: unknown, lastWords: string) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const words = lastWords === '' ? '' : `\nlast words of ${step.program}:\n${lastWords}`;
    super(`could not ${step.name}: ${why}; ${step.remedy}${words}`, { cause });
    this.step = step.name;
  }
}

/** Takes the steps in order; rejects with StepFailedError. */
export async function take(steps: readonly Step[], site: Site, onStep?: (step: Step) => void): Promise<void> {
  for (const step of steps) {
    onStep?.(step);
    const deadline = deadlineSignal(site.world.clock, step.deadlineMs, `to ${step.name}`);
    const late = new Promise<never>((_resolve, reject) => {
      deadline.signal.addEventListener('abort', () => reject(deadline.signal.reason), { once: true });
    });
    try {
      await Promise.race([step.run(site, deadline.signal), late]);
    } catch (error) {
      throw new StepFailedError(step, error, step.program ? site.programs.tailOf(step.program) : '');
    } finally {
      deadline.clear();
    }
  }
}
