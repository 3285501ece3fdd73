/**
 * How an activation goes on: pure functions of what is stored and what has happened. Payloads flow along the plan's
 * wires; each delivery to a skill is a step; what reaches an output of the agent is a result. New steps are PENDING
 * until their owner begins them.
 */
import type { Outcome } from '../runtimes/runtime.ts';
import type { Activation, PlanWire, Result, Step } from './activation.ts';

/** What a change needs from outside. */
export interface Moment {
  /** Epoch ms. */
  readonly now: number;
  /** The gateway that makes the change, and the calls of its new steps. */
  readonly owner: string;
  /** A new id for a channel or a message. */
  uuid(): string;
}

/** Steps of one activation: a job that sends messages without end is stopped there. */
export const stepsMaximum = 5_000;
/** Steps one behind the other: a plan with a circle is stopped there. */
export const depthMaximum = 100;
/**
 * Payloads of one activation together, in bytes of their JSON, those of the response counted again: a document of
 * MongoDB holds 16 MiB at most.
 */
export const payloadBytesMaximum = 8 * 1024 * 1024;
/** What a step takes beside its payload, at most. */
const stepBytes = 500;

/** The invocation's payload goes along the wires of the service. */
export function begin(activation: Activation, moment: Moment): Activation {
  const begun: Activation = { ...activation, status: 'STARTED', bytes: bytesOf(activation.payload) };
  return flowOn(begun, { from: 'input', payload: activation.payload, id: '', after: undefined }, moment);
}

/** Undefined when the call is not to be made: the step is over, or another gateway's. */
export function stepStarted(
  activation: Activation,
  id: string,
  taskName: string | undefined,
  { now, owner }: Moment,
): Activation | undefined {
  const held = activation.steps.find((step) => step.id === id);
  if (!held || isOver(held.status) || held.owner !== owner) return undefined;
  return withStep(activation, id, (step) => ({
    ...step,
    status: 'STARTED',
    start: step.start ?? now,
    ...(taskName === undefined ? {} : { taskName }),
  }));
}

/** The call has ended. Its output flows on, unless it has sent messages: these stand in its place (contract 4.5). */
export function stepEnded(
  activation: Activation,
  id: string,
  outcome: Outcome,
  output: string,
  moment: Moment,
): Activation {
  const step = activation.steps.find((each) => each.id === id);
  if (!step || isOver(step.status) || isOver(activation.status)) return activation;
  const status = outcome.error === undefined ? 'COMPLETE' : 'ERROR';
  const ended = withStep(activation, id, (each) => ({
    ...each,
    status,
    start: each.start ?? moment.now,
    end: moment.now,
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
  }));
  if (outcome.error !== undefined && outcome.output === undefined) {
    return settle({ ...ended, error: ended.error ?? { message: outcome.error } }, moment);
  }
  if (step.messages > 0) return settle(ended, moment);
  const from = { node: step.node, output };
  return flowOn(ended, { from, payload: outcome.output, id: `${id}.`, after: id }, moment);
}

/** A job has sent a message: it flows at once, while the job runs on. Undefined when the step takes none any more. */
export function messageSent(
  activation: Activation,
  id: string,
  output: string,
  payload: unknown,
  moment: Moment,
): Activation | undefined {
  const step = activation.steps.find((each) => each.id === id);
  if (!step || isOver(step.status) || isOver(activation.status)) return undefined;
  const counted = withStep(activation, id, (each) => ({ ...each, messages: each.messages + 1 }));
  const from = { node: step.node, output };
  return flowOn(counted, { from, payload, id: `${id}.${step.messages}.`, after: id }, moment);
}

/** Undefined when it has ended already. `inFlight`: what its calls have started is left alone. */
export function cancelled(activation: Activation, inFlight: boolean, moment: Moment): Activation | undefined {
  if (isOver(activation.status)) return undefined;
  return ended(inFlight ? stepsCancelled(activation, moment) : stopped(activation, moment), 'CANCELLED', moment);
}

/** Another gateway makes the calls of these steps from now on. */
export function takenOver(activation: Activation, from: (owner: string) => boolean, owner: string): Activation {
  const steps = activation.steps.map((step) => (!isOver(step.status) && from(step.owner) ? { ...step, owner } : step));
  return { ...activation, steps };
}

export function isOver(status: Activation['status']): boolean {
  return status === 'COMPLETE' || status === 'ERROR' || status === 'CANCELLED';
}

/**
 * All open steps are cancelled, and what their calls have started is to be stopped, by whichever gateway lives then.
 */
function stopped(activation: Activation, moment: Moment): Activation {
  const isOpen = activation.steps.some(({ status }) => !isOver(status));
  return { ...stepsCancelled(activation, moment), ...(isOpen ? { isStopDue: true } : {}) };
}

function stepsCancelled(activation: Activation, { now }: Moment): Activation {
  const steps = activation.steps.map(
    (step): Step => (isOver(step.status) ? step : { ...step, status: 'CANCELLED', end: now }),
  );
  return { ...activation, steps };
}

interface Delivery {
  readonly from: PlanWire['from'];
  readonly payload: unknown;
  /** What the ids of steps and results begin with that come of it. */
  readonly id: string;
  readonly after: string | undefined;
}

/** A delivery, and what follows of it: the end, or an ERROR without it when the activation would grow too large. */
function flowOn(activation: Activation, delivery: Delivery, moment: Moment): Activation {
  const delivered = deliver(activation, delivery, moment);
  const fault = sizeFault(delivered);
  if (fault === undefined) return settle(delivered, moment);
  return ended({ ...stopped(activation, moment), error: { message: fault } }, 'ERROR', moment);
}

/** Along each wire that begins there: a step for a skill, a result for an output of the agent. */
function deliver(activation: Activation, { from, payload, id, after }: Delivery, moment: Moment): Activation {
  const steps: Step[] = [];
  const results: Result[] = [];
  const wires = activation.plan.wires.filter((wire) => beginsAt(wire, from));
  for (const [index, { to }] of wires.entries()) {
    const own = `${id}${index}`;
    if ('agentOutput' in to) {
      results.push({ id: own, output: to.agentOutput, payload });
      continue;
    }
    steps.push({
      id: own,
      node: to.node,
      input: to.input,
      ...(after === undefined ? {} : { after }),
      channelId: moment.uuid(),
      messageId: moment.uuid(),
      payload,
      status: 'PENDING',
      owner: moment.owner,
      messages: 0,
    });
  }
  const bytes = bytesOf(payload);
  return {
    ...activation,
    steps: [...activation.steps, ...steps],
    results: [...activation.results, ...results],
    bytes: (activation.bytes ?? 0) + steps.length * (bytes + stepBytes) + results.length * 2 * bytes,
  };
}

function bytesOf(payload: unknown): number {
  return Buffer.byteLength(JSON.stringify(payload) ?? '');
}

function beginsAt(wire: PlanWire, from: PlanWire['from']): boolean {
  if (wire.from === 'input' || from === 'input') return wire.from === from;
  return wire.from.node === from.node && wire.from.output === from.output;
}

/** Ends the activation when no step is under way. */
function settle(activation: Activation, moment: Moment): Activation {
  if (activation.steps.some(({ status }) => !isOver(status))) return activation;
  return ended(activation, activation.error ? 'ERROR' : 'COMPLETE', moment);
}

function sizeFault({ steps, bytes = 0 }: Activation): string | undefined {
  if (steps.length > stepsMaximum) return `the activation would have more than ${stepsMaximum} steps`;
  // Those of one delivery are equally deep.
  if ((steps.at(-1)?.id.split('.').length ?? 0) > depthMaximum) {
    return `more than ${depthMaximum} steps follow one another: does the agent's graph have a circle?`;
  }
  if (bytes <= payloadBytesMaximum) return undefined;
  return `the payloads of the activation would have more than ${payloadBytesMaximum} bytes together: pass large data by managed content`;
}

function ended(activation: Activation, status: Activation['status'], { now, owner }: Moment): Activation {
  const response = status === 'CANCELLED' ? undefined : responseOf(activation);
  return {
    ...activation,
    status,
    end: now,
    elapsed: now - activation.start,
    ...(response === undefined ? {} : { response }),
    ...(activation.isCallbackDue ? { callbackOwner: owner } : {}),
  };
}

/** The one result, or all in the order of what gave them; always a list once messages were sent (contract 4.5). */
function responseOf({ plan, results, steps }: Activation): unknown {
  const answers = results.filter(({ output }) => plan.answer === undefined || output === plan.answer);
  const sorted = [...answers].sort((left, right) => compareIds(left.id, right.id)).map(({ payload }) => payload);
  const isList = sorted.length > 1 || steps.some(({ messages }) => messages > 0);
  return isList ? sorted : sorted[0];
}

/** `0.2` before `0.10`, and a step before what it gave. */
export function compareIds(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let place = 0; place < Math.min(a.length, b.length); place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function withStep(activation: Activation, id: string, change: (step: Step) => Step): Activation {
  return { ...activation, steps: activation.steps.map((step) => (step.id === id ? change(step) : step)) };
}
