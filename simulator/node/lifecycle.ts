/**
 * What to do next with the containers of a pod: a pure function of its spec, of what is known of its containers and of
 * the time (semantics 4; upstream kuberuntime computePodActions).
 */
import type { Container, Pod } from '../../kubernetes/objects.ts';
import { waitsUntil } from './back-off.ts';
import { type ContainerFacts, containersOf, finishedAt, runContainerError } from './container-facts.ts';

/** Why the pod as a whole is being stopped. */
export interface Stopping {
  readonly cause: 'deleted' | 'deadline' | 'completed';
  /** When what still runs is killed, epoch ms. */
  readonly killAt: number;
}

export type Step =
  | { readonly do: 'start' | 'terminate' | 'kill'; readonly name: string }
  | { readonly do: 'back off'; readonly name: string; readonly until: number };

export interface Plan {
  readonly steps: readonly Step[];
  /** When to look again at the latest, epoch ms. */
  readonly wakeAt?: number;
  /** Nothing will be started any more: what still runs are sidecars to be stopped. */
  readonly completed: boolean;
  /** Nothing runs and nothing will. */
  readonly finished: boolean;
}

type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** What to do now. With `stopping`, nothing is started and everything is brought to its end. */
export function planFor(pod: Pod, facts: readonly ContainerFacts[], now: number, stopping?: Stopping): Plan {
  if (stopping) return stoppingPlan(facts, now, stopping);
  const planner = new Planner(pod, now);
  const initialised = planner.initialise(facts);
  if (initialised === 'ready') {
    for (const main of facts.filter(({ role }) => role === 'main')) planner.advance(main);
  }
  const mains = facts.filter(({ role }) => role === 'main');
  const completed =
    initialised === 'failed' || (mains.length > 0 && mains.every((main) => planner.isOver(main) && !main.starting));
  const active = facts.some(isActive);
  return { steps: completed ? [] : planner.steps, ...planner.wake(), completed, finished: completed && !active };
}

/** Whether a container that ended so is started again. */
export function restarts(pod: Pod, facts: ContainerFacts, exitCode: number): boolean {
  const policy = restartPolicyOf(pod, facts);
  if (policy === 'Always') return true;
  const container = containerNamed(pod, facts.name);
  const rule = container?.restartPolicyRules?.find(({ exitCodes }) => {
    if (!exitCodes) return false;
    const listed = exitCodes.values?.includes(exitCode) ?? false;
    return exitCodes.operator === 'In' ? listed : !listed;
  });
  if (rule) return rule.action === 'Restart';
  return policy === 'OnFailure' && exitCode !== 0;
}

function restartPolicyOf(pod: Pod, facts: ContainerFacts): RestartPolicy {
  const own = containerNamed(pod, facts.name)?.restartPolicy;
  const policy = (own ?? pod.spec?.restartPolicy ?? 'Always') as RestartPolicy;
  // An init container that succeeded is done under Always too.
  return facts.role === 'init' && policy === 'Always' ? 'OnFailure' : policy;
}

function containerNamed(pod: Pod, name: string): Container | undefined {
  return containersOf(pod).find(({ container }) => container.name === name)?.container;
}

/** Runs or is about to. */
export function isActive(facts: ContainerFacts): boolean {
  return facts.starting || facts.state.running !== undefined;
}

class Planner {
  readonly steps: Step[] = [];
  readonly #pod: Pod;
  readonly #now: number;
  #wakeAt = Number.POSITIVE_INFINITY;

  constructor(pod: Pod, now: number) {
    this.#pod = pod;
    this.#now = now;
  }

  wake(): { readonly wakeAt?: number } {
    return Number.isFinite(this.#wakeAt) ? { wakeAt: this.#wakeAt } : {};
  }

  /** Init containers one after the other, sidecars as soon as their turn has come and for ever after. */
  initialise(facts: readonly ContainerFacts[]): 'ready' | 'waiting' | 'failed' {
    for (const container of facts) {
      if (container.role === 'main') continue;
      if (container.role === 'sidecar') {
        this.advance(container);
        if (!hasBegun(container)) return 'waiting';
        continue;
      }
      if (container.state.terminated?.exitCode === 0) continue;
      if (this.isOver(container)) return 'failed';
      this.advance(container);
      return 'waiting';
    }
    return 'ready';
  }

  /** It ended and is not started again. */
  isOver(facts: ContainerFacts): boolean {
    const { terminated } = facts.state;
    return terminated !== undefined && !restarts(this.#pod, facts, terminated.exitCode);
  }

  /** Starts the container if it should run, or says when. */
  advance(facts: ContainerFacts): void {
    if (isActive(facts) || this.isOver(facts)) return;
    const { name, state, crashes, retryAt } = facts;
    const hasCrashed = state.terminated ?? (state.waiting?.reason === runContainerError ? facts.last : undefined);
    if (retryAt !== undefined && retryAt > this.#now) {
      this.#waitUntil(retryAt);
    } else if (hasCrashed) {
      const until = waitsUntil(crashes, finishedAt(hasCrashed, this.#now));
      if (until !== undefined && until > this.#now) this.#waitUntil(until, { do: 'back off', name, until });
      else this.steps.push({ do: 'start', name });
    } else {
      this.steps.push({ do: 'start', name });
    }
  }

  #waitUntil(instant: number, step?: Step): void {
    this.#wakeAt = Math.min(this.#wakeAt, instant);
    if (step) this.steps.push(step);
  }
}

function hasBegun(facts: ContainerFacts): boolean {
  return facts.containerId !== undefined;
}

/** TERM to all but the sidecars, then to these from the last to the first; KILL to all when the grace is over. */
function stoppingPlan(facts: readonly ContainerFacts[], now: number, stopping: Stopping): Plan {
  const active = facts.filter(isActive);
  if (active.length === 0) return { steps: [], completed: true, finished: true };
  if (now >= stopping.killAt) {
    const steps = active.map(({ name }) => ({ do: 'kill' as const, name }));
    return { steps, completed: true, finished: false };
  }
  const first = active.filter(({ role }) => role !== 'sidecar');
  const turn = first.length > 0 ? first : active.slice(-1);
  const steps = turn.map(({ name }) => ({ do: 'terminate' as const, name }));
  return { steps, wakeAt: stopping.killAt, completed: true, finished: false };
}
