/**
 * However calls end, and in whatever order: an activation ends, nothing is delivered twice, and the response keeps its
 * order.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Activation, Plan, Step } from './activation.ts';
import {
  begin,
  cancelled,
  compareIds,
  isOver,
  type Moment,
  messageSent,
  payloadBytesMaximum,
  stepEnded,
  stepStarted,
  stepsMaximum,
  takenOver,
} from './flow.ts';

const names = ['a', 'b', 'c', 'd'];

function moment(): Moment {
  let count = 0;
  return { now: 1_000, owner: 'me', uuid: () => `id-${count++}` };
}

function activationOf(plan: Plan, payload: unknown = 'in'): Activation {
  return {
    ...{ activationId: 'x', projectId: 'p', username: 'u', channelId: 'c', sessionId: 'x', sync: false },
    ...{ payload, properties: {}, headers: {}, plan, steps: [], results: [], status: 'PENDING', start: 0 },
  };
}

/** Wires lead from a node to later ones only, so that there is no circle; `z` is the agent's output. */
const plans: fc.Arbitrary<Plan> = fc
  .record({
    first: fc.subarray(names, { minLength: 1 }),
    wires: fc.uniqueArray(
      fc.tuple(fc.nat(3), fc.nat(4)).filter(([from, to]) => to > from),
      { selector: String, maxLength: 8 },
    ),
  })
  .map(({ first, wires }) => ({
    nodes: names.map((id) => ({ id, skillName: id, properties: {} })),
    wires: [
      ...first.map((node) => ({ from: 'input' as const, to: { node, input: 'i' } })),
      ...wires.map(([from, to]) => ({
        from: { node: names[from] ?? '', output: 'o' },
        to: names[to] === undefined ? { agentOutput: 'z' } : { node: names[to], input: 'i' },
      })),
    ],
  }));

/** What each step prints: its input and its own name, so that the response tells the way that it came. */
function outputOf(step: Step): string {
  return `${step.payload}${step.node}`;
}

/** Ends steps, each time the one that `choose` picks among those under way. */
function playedOut(activation: Activation, choose: (count: number) => number, fails = (_: Step) => false): Activation {
  const at = moment();
  let current = begin(activation, at);
  for (let turns = 0; !isOver(current.status); turns += 1) {
    expect(turns).toBeLessThan(10_000);
    const open = current.steps.filter(({ status }) => !isOver(status));
    const step = open[choose(open.length) % open.length] as Step;
    current = stepStarted(current, step.id, undefined, { ...at, now: 1 }) ?? current;
    const outcome = fails(step) ? { error: 'broken' } : { output: outputOf(step) };
    current = stepEnded(current, step.id, outcome, 'o', at);
  }
  return current;
}

describe('an activation', () => {
  test('ends the same in whatever order its calls end', () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.nat(50)), (plan, choices) => {
        const inTurn = playedOut(activationOf(plan), () => 0);
        const mixed = playedOut(activationOf(plan), () => choices.next().value as number);
        expect(mixed.response).toEqual(inTurn.response);
        expect(mixed.status).toBe('COMPLETE');
        expect(mixed.steps.map(({ id }) => id).sort()).toEqual(inTurn.steps.map(({ id }) => id).sort());
      }),
    );
  });

  test('delivers along each way through the plan once', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const { steps, results } = playedOut(activationOf(plan), () => 0);
        const ids = [...steps, ...results].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const ways = (node: string): number =>
          plan.wires
            .filter(({ to }) => 'node' in to && to.node === node)
            .reduce((sum, { from }) => sum + (from === 'input' ? 1 : ways(from.node)), 0);
        for (const node of names) expect(steps.filter((step) => step.node === node).length).toBe(ways(node));
      }),
    );
  });

  test('is an ERROR with the first reason when a branch ends without an output, and the others run on', () => {
    fc.assert(
      fc.property(plans, fc.constantFrom(...names), (plan, broken) => {
        const { status, error, steps } = playedOut(
          activationOf(plan),
          () => 0,
          ({ node }) => node === broken,
        );
        const isMet = steps.some(({ node }) => node === broken);
        expect([status, error?.message]).toEqual(isMet ? ['ERROR', 'broken'] : ['COMPLETE', undefined]);
        expect(steps.every((step) => isOver(step.status))).toBe(true);
      }),
    );
  });

  test('goes on when a call has failed and printed something', () => {
    const plan = planOf(['input', 'a'], ['a', 'z']);
    const ended = stepEnded(
      begin(activationOf(plan), moment()),
      '0',
      { output: 'half', error: 'exit 3' },
      'o',
      moment(),
    );
    expect([ended.status, ended.response, ended.steps[0]?.status]).toEqual(['COMPLETE', 'half', 'ERROR']);
  });
});

describe('messages', () => {
  const plan = planOf(['input', 'a'], ['a', 'b'], ['b', 'z']);

  test('stand in the place of the text, and the response is their results in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat(50)), (count, choices) => {
        const at = moment();
        let current = begin(activationOf(plan), at);
        for (let number = 0; number < count; number += 1)
          current = messageSent(current, '0', 'o', `${number}:`, at) ?? current;
        current = stepEnded(current, '0', { output: 'the text' }, 'o', at);
        while (!isOver(current.status)) {
          const open = current.steps.filter(({ status }) => !isOver(status));
          const step = open[(choices.next().value as number) % open.length] as Step;
          current = stepEnded(current, step.id, { output: outputOf(step) }, 'o', at);
        }
        expect(current.response).toEqual(Array.from({ length: count }, (_, number) => `${number}:b`));
      }),
    );
  });

  test('are taken from a step that is under way, and from no other', () => {
    const at = moment();
    const begun = begin(activationOf(plan), at);
    expect(messageSent(begun, '0.7', 'o', 'x', at)).toBeUndefined();
    const over = stepEnded(begun, '0', { output: 'x' }, 'o', at);
    expect(messageSent(over, '0', 'o', 'x', at)).toBeUndefined();
  });
});

test('cancelled, all that is open is cancelled, and an end that comes later changes nothing', () => {
  const plan = planOf(['input', 'a'], ['input', 'b'], ['a', 'z']);
  const begun = begin(activationOf(plan), moment());
  const stopped = cancelled(begun, false, moment());
  expect(stopped?.steps.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
  expect(stopped && stepEnded(stopped, '0', { output: 'late' }, 'o', moment())).toEqual(stopped);
  expect(stopped && cancelled(stopped, false, moment())).toBeUndefined();
});

test('an end that is told twice counts once', () => {
  const plan = planOf(['input', 'a'], ['a', 'b'], ['b', 'z']);
  const at = moment();
  const once = stepEnded(begin(activationOf(plan), at), '0', { output: 'x' }, 'o', at);
  expect(stepEnded(once, '0', { output: 'y' }, 'o', at)).toEqual(once);
});

test('steps of the dead are taken over, ended ones stay', () => {
  const plan = planOf(['input', 'a'], ['input', 'b'], ['a', 'z']);
  const at = moment();
  const half = stepEnded(begin(activationOf(plan), at), '0', { output: 'x' }, 'o', at);
  const taken = takenOver(half, (owner) => owner === 'me', 'you');
  expect(taken.steps.map(({ owner }) => owner)).toEqual(['me', 'you']);
});

test('a call begins once its step is open and this gateway’s own, and never after the end', () => {
  const plan = planOf(['input', 'a'], ['a', 'z']);
  const at = moment();
  const begun = begin(activationOf(plan), at);
  expect(stepStarted(begun, '0', 'task', at)?.steps[0]).toMatchObject({ status: 'STARTED', taskName: 'task' });
  expect(stepStarted(begun, '0', 'task', { ...at, owner: 'you' })).toBeUndefined();
  expect(stepStarted(begun, '7', 'task', at)).toBeUndefined();
  const over = cancelled(begun, false, at) as Activation;
  expect(stepStarted(over, '0', 'task', at)).toBeUndefined();
});

test('what a cancelled activation has started is to be stopped, unless it is left in flight', () => {
  const begun = begin(activationOf(planOf(['input', 'a'])), moment());
  expect(cancelled(begun, false, moment())).toMatchObject({ status: 'CANCELLED', isStopDue: true });
  expect(cancelled(begun, true, moment())).not.toHaveProperty('isStopDue');
});

test('a circle ends with a reason', () => {
  const plan = planOf(['input', 'a'], ['a', 'b'], ['b', 'a']);
  const { status, error } = playedOut(activationOf(plan, ''), () => 0);
  expect([status, error?.message]).toEqual(['ERROR', expect.stringContaining('circle')]);
});

test('it grows no larger than a document may be: what would, ends it with a reason, and its calls are stopped', () => {
  const plan = planOf(['input', 'a'], ['input', 'b'], ['a', 'z']);
  const at = moment();
  // Characters of three bytes; the response counts again.
  const large = '€'.repeat(payloadBytesMaximum / 6);
  const over = stepEnded(begin(activationOf(plan), at), '0', { output: large }, 'o', at);
  expect([over.status, over.error?.message]).toEqual(['ERROR', expect.stringContaining('managed content')]);
  expect(over).toMatchObject({ isStopDue: true, steps: [{ status: 'COMPLETE' }, { status: 'CANCELLED' }] });
  expect(Buffer.byteLength(JSON.stringify(over))).toBeLessThan(10_000);
});

test('a message without end is stopped, and its size is counted right', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 1, maxLength: 20 }), (payloads) => {
      const at = moment();
      let current = begin(activationOf(planOf(['input', 'a'], ['a', 'b'], ['a', 'z'])), at);
      for (const payload of payloads) current = messageSent(current, '0', 'o', payload, at) as Activation;
      const held = [current.payload, ...current.steps.map(({ payload }) => payload)];
      const results = current.results.flatMap(({ payload }) => [payload, payload]);
      const bytes = [...held, ...results].reduce<number>((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0);
      expect(current.bytes).toBe(bytes + 500 * current.steps.length);
    }),
  );
  const at = moment();
  let current = begin(activationOf(planOf(['input', 'a'], ['a', 'b'])), at);
  let taken = 0;
  for (let next: Activation | undefined = current; next && !isOver(next.status); taken += 1) {
    current = next;
    next = messageSent(current, '0', 'o', taken, at);
    if (next) current = next;
  }
  expect(taken).toBe(stepsMaximum);
  expect(current).toMatchObject({ status: 'ERROR', error: { message: expect.stringContaining('steps') } });
});

test('ids sort number by number', () => {
  const ids = ['0', '0.0', '0.2.0', '0.10.0', '0.10.1', '1', '2', '10'];
  expect([...ids].reverse().sort(compareIds)).toEqual(ids);
});

function planOf(...wires: readonly (readonly [string, string])[]): Plan {
  return {
    nodes: names.map((id) => ({ id, skillName: id, properties: {} })),
    wires: wires.map(([from, to]) => ({
      from: from === 'input' ? 'input' : { node: from, output: 'o' },
      to: to === 'z' ? { agentOutput: 'z' } : { node: to, input: 'i' },
    })),
  };
}
