import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../kubernetes/objects.ts';
import { durationText, nextBackOff, waitsUntil } from './back-off.ts';
import { beginning, type ContainerFacts, crashLooping, ended, initialFacts, running } from './container-facts.ts';
import { expand } from './expansion.ts';
import { isActive, planFor, type Stopping } from './lifecycle.ts';
import { phaseOf, statusOf } from './pod-status.ts';

const startAt = Date.UTC(2026, 0, 1);

function podOf(restartPolicy: string, init: readonly ('init' | 'sidecar')[], mains: number): Pod {
  const container = (name: string) => ({ name, image: 'i' });
  return {
    metadata: { name: 'p', namespace: 'n', uid: 'u', generation: 1 },
    spec: {
      restartPolicy,
      initContainers: init.map((role, index) => ({
        ...container(`init${index}`),
        ...(role === 'sidecar' ? { restartPolicy: 'Always' } : {}),
      })),
      containers: Array.from({ length: mains }, (_, index) => container(`main${index}`)),
    },
  };
}

/** What the world does to a pod between two looks: containers end, time passes, the pod is deleted. */
const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ end: fc.nat(9), exitCode: fc.constantFrom(0, 0, 1, 137) }) },
  { weight: 4, arbitrary: fc.record({ passSeconds: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 30 }) }) },
);
type Move = { end: number; exitCode: number } | { passSeconds: number } | { remove: number };

/** Plays moves on a pod, carrying out each plan at once, and tells each state to `see`. */
function play(pod: Pod, moves: readonly Move[], see: (state: State) => void): void {
  let now = startAt;
  let facts: readonly ContainerFacts[] = initialFacts(pod, now);
  let stopping: Stopping | undefined;
  let over = false;
  const change = (name: string, to: (one: ContainerFacts) => ContainerFacts) => {
    facts = facts.map((one) => (one.name === name ? to(one) : one));
  };
  const look = () => {
    for (let round = 0; round < 20; round += 1) {
      const plan = planFor(pod, facts, now, stopping);
      for (const step of plan.steps) {
        if (step.do === 'start') change(step.name, (one) => running(beginning(one), `id-${one.restartCount}`, now));
        else if (step.do === 'back off') change(step.name, (one) => crashLooping(one, pod, step.until));
        else change(step.name, (one) => ended(one, { exitCode: step.do === 'kill' ? 137 : 143 }, now));
      }
      if (plan.completed && !plan.finished && !stopping) stopping = { cause: 'completed', killAt: now + 30_000 };
      over ||= plan.finished;
      if (plan.steps.length === 0) break;
    }
    see({ facts, now, over, stopping });
  };
  look();
  for (const one of moves) {
    if (over) return;
    if ('end' in one) {
      const candidates = facts.filter(({ state }) => state.running);
      const chosen = candidates[one.end % Math.max(1, candidates.length)];
      if (chosen) change(chosen.name, (facts) => ended(facts, { exitCode: one.exitCode }, now));
    } else if ('passSeconds' in one) now += 1000 * one.passSeconds;
    else stopping ??= { cause: 'deleted', killAt: now + 1000 * one.remove };
    look();
  }
}

interface State {
  readonly facts: readonly ContainerFacts[];
  readonly now: number;
  readonly over: boolean;
  readonly stopping: Stopping | undefined;
}

const anyPod = fc
  .tuple(
    fc.constantFrom('Always', 'OnFailure', 'Never'),
    fc.array(fc.constantFrom('init' as const, 'sidecar' as const), { maxLength: 3 }),
    fc.integer({ min: 1, max: 3 }),
  )
  .map(([policy, init, mains]) => podOf(policy, init, mains));

describe('whatever happens to a pod', () => {
  test('a main container runs only after all init containers have ended well and all sidecars have begun', () => {
    fc.assert(
      fc.property(anyPod, fc.array(move, { maxLength: 30 }), (pod, moves) => {
        play(pod, moves, ({ facts }) => {
          const mainBegan = facts.some(({ role, containerId }) => role === 'main' && containerId !== undefined);
          if (!mainBegan) return;
          for (const { role, state, containerId } of facts) {
            if (role === 'init') expect(state.terminated?.exitCode).toBe(0);
            if (role === 'sidecar') expect(containerId).toBeDefined();
          }
        });
      }),
    );
  });

  test('its end is terminal: nothing runs, and it succeeded exactly if all but sidecars ended with 0', () => {
    fc.assert(
      fc.property(anyPod, fc.array(move, { maxLength: 30 }), (pod, moves) => {
        play(pod, moves, ({ facts, over, stopping, now }) => {
          const status = statusOf({
            pod,
            containers: facts,
            now,
            startedAt: startAt,
            hostAddress: 'h',
            finished: over,
            ...(stopping ? { stopping } : {}),
          });
          const isTerminal = status.phase === 'Succeeded' || status.phase === 'Failed';
          expect(isTerminal).toBe(over);
          if (!over) return;
          expect(facts.some(isActive)).toBe(false);
          const sidecars = facts.filter(({ role }) => role === 'sidecar').map(({ name }) => name);
          const told = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
          const decisive = told.filter(({ name }) => !sidecars.includes(name));
          const allWell = decisive.every(({ state }) => state?.terminated?.exitCode === 0);
          expect(status.phase).toBe(allWell ? 'Succeeded' : 'Failed');
        });
      }),
    );
  });

  test('under Never no main container is started twice, under Always the pod ends only when it is stopped', () => {
    fc.assert(
      fc.property(anyPod, fc.array(move, { maxLength: 30 }), (pod, moves) => {
        play(pod, moves, ({ facts, over, stopping }) => {
          if (pod.spec?.restartPolicy === 'Never') {
            for (const { role, restartCount } of facts) if (role === 'main') expect(restartCount).toBe(0);
          }
          if (pod.spec?.restartPolicy === 'Always' && over) expect(stopping?.cause).toBe('deleted');
        });
      }),
    );
  });

  test('a container that crashes is never started before its back-off is over', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const pod = podOf('Always', [], 1);
        let before: ContainerFacts | undefined;
        play(pod, moves, ({ facts, now }) => {
          const [one] = facts;
          if (before?.retryAt !== undefined && one?.state.running) expect(now).toBeGreaterThanOrEqual(before.retryAt);
          before = one;
        });
      }),
    );
  });
});

describe('the phase', () => {
  test('is Running while a sidecar ends after the main containers', () => {
    const pod = podOf('Never', ['sidecar'], 1);
    const [sidecar, main] = initialFacts(pod, startAt).map((one) => running(beginning(one), 'id', startAt));
    if (!sidecar || !main) throw new Error('two containers');
    const facts = [sidecar, ended(main, { exitCode: 0 }, startAt)];
    expect(phaseOf(pod, facts, false, { cause: 'completed', killAt: startAt })).toBe('Running');
    expect(phaseOf(pod, facts, true, { cause: 'completed', killAt: startAt })).toBe('Succeeded');
  });

  test('keeps a condition’s transition time while its status stays', () => {
    const pod = podOf('Never', [], 1);
    const [main] = initialFacts(pod, startAt);
    if (!main) throw new Error('one container');
    const at = (now: number, before?: ReturnType<typeof statusOf>) =>
      statusOf({
        pod,
        containers: [running(beginning(main), 'id', startAt)],
        now,
        startedAt: startAt,
        hostAddress: 'h',
        finished: false,
        ...(before ? { before } : {}),
      });
    expect(at(startAt + 60_000, at(startAt)).conditions).toEqual(at(startAt).conditions);
  });
});

describe('back-off', () => {
  test('is told as Go writes durations', () => {
    expect([10_000, 60_000, 160_000, 300_000].map(durationText)).toEqual(['10s', '1m0s', '2m40s', '5m0s']);
  });

  test('doubles from 10 s to 300 s and is forgotten after ten quiet minutes', () => {
    let backOff = nextBackOff(undefined, 0, 0);
    const delays = [backOff.delayMs];
    for (let round = 0; round < 6; round += 1) {
      backOff = nextBackOff(backOff, backOff.updatedAt, backOff.updatedAt + 1000);
      delays.push(backOff.delayMs);
    }
    expect(delays).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(waitsUntil(backOff, backOff.updatedAt + 600_000)).toBe(backOff.updatedAt + 900_000);
    expect(waitsUntil(backOff, backOff.updatedAt + 600_001)).toBeUndefined();
  });
});

describe('expansion', () => {
  test.each([
    ['$(A)', 'a'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$a'],
    ['$$', '$'],
    ['$A $ (A) $(NONE) $(', '$A $ (A) $(NONE) $('],
    ['$(toString)', '$(toString)'],
  ])('of %s is %s', (text, expected) => {
    expect(expand(text, { A: 'a' })).toBe(expected);
  });

  test('gives back any text whose dollars were doubled', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '(', ')', 'A', ' ', 'ü') }), (text) => {
        expect(expand(text.replaceAll('$', '$$$$'), { A: 'a' })).toBe(text);
      }),
    );
  });
});
