/**
 * An activation as clients read it (contract 3.6, 4.7): members that hold nothing are left out by JSON, and no token is
 * ever shown. Pure.
 */
import type { Activation, Plan, Step } from './activation.ts';

type Shown = Readonly<Record<string, unknown>>;

/** The record; `verbose` adds the plan and the transits. */
export function shownActivation(activation: Activation, verbose: boolean): Shown {
  const { plan: _plan, steps: _steps, results: _results, bytes: _bytes, isStopDue: _due, ...kept } = activation;
  const { callbackUrl: _url, isCallbackDue: _callback, callbackOwner: _owner, ...record } = kept;
  const shown = {
    success: true,
    requestId: activation.activationId,
    ...record,
    timestamp: activation.start,
    ...(verbose ? { plan: { states: statesOf(activation) }, transits: transitsOf(activation) } : {}),
  };
  return shown;
}

/** What a report shows: how long each step took, and how it ended. */
export function reportOf(activation: Activation): Shown {
  const { activationId, status, start, end, elapsed, error } = activation;
  const transits = transitsOf(activation);
  return {
    success: true,
    requestId: activationId,
    activationId,
    status,
    start,
    end,
    elapsed,
    error,
    transits,
  };
}

/** An item of a list. */
export function listedActivation(activation: Activation): Shown {
  const { activationId, agentName, skillName, status, start, end } = activation;
  const { correlationId, sessionId, username, serviceName, inputName } = activation;
  return {
    ...{ activationId, agentName, skillName, status, start, end },
    ...{ correlationId, sessionId, username, serviceName, inputName },
  };
}

/** Steps in the order of their start. */
function transitsOf(activation: Activation): Shown[] {
  const sorted = [...activation.steps].sort((left, right) => (left.start ?? Infinity) - (right.start ?? Infinity));
  return sorted.map((step) => transitOf(activation, step));
}

function transitOf(activation: Activation, step: Step): Shown {
  const { plan, steps } = activation;
  const node = plan.nodes.find(({ id }) => id === step.node);
  const before = steps.find(({ id }) => id === step.after);
  const { status, start, end, channelId, messageId, taskName, error } = step;
  return {
    from: before?.node ?? sourceOf(activation),
    to: step.node,
    name: node?.skillName,
    title: node?.title ?? node?.skillName,
    type: 'skill',
    ...{ status, start, end, channelId, messageId, taskName, error },
    elapsed: start === undefined || end === undefined ? undefined : end - start,
  };
}

/** Joined to their transits by `from` and `to`. */
function statesOf(activation: Activation): Shown[] {
  const nodes = new Map(activation.plan.nodes.map((node) => [node.id, node]));
  return activation.plan.wires.map(({ from, to }) => {
    const node = 'node' in to ? nodes.get(to.node) : undefined;
    return {
      from: from === 'input' ? sourceOf(activation) : from.node,
      to: 'node' in to ? to.node : to.agentOutput,
      type: node ? 'skill' : 'output',
      ref: node ? refOf(node) : { name: 'node' in to ? to.node : to.agentOutput, properties: [] },
    };
  });
}

function refOf({ skillName, title, properties }: Plan['nodes'][number]): Shown {
  const list = Object.entries(properties).map(([name, value]) => ({ name, value }));
  return { name: skillName, title: title ?? skillName, properties: list };
}

function sourceOf({ serviceName, inputName }: Activation): string {
  return serviceName ?? inputName ?? 'input';
}
