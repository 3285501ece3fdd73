/** An activation as it is kept (contract 4.7): what was asked, the plan that it follows, and each step of it. */

import type { CollectionDefinition } from '../stores/store.ts';

export type ActivationStatus = 'PENDING' | 'STARTED' | 'COMPLETE' | 'ERROR' | 'CANCELLED';

/** One skill of the plan: of an agent by its reference, of a skill's own invocation the only one. */
export interface PlanNode {
  /** The skill's `refId`; `skill` when a skill is invoked by itself. */
  readonly id: string;
  readonly skillName: string;
  readonly title?: string;
  /** Merged from skill, agent, reference and invocation: later wins (contract 4.3). */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A wire: `from` the service's input or a node's output, `to` a node's input or an output of the agent. */
export interface PlanWire {
  readonly from: { readonly node: string; readonly output: string } | 'input';
  readonly to: { readonly node: string; readonly input: string } | { readonly agentOutput: string };
}

/** Everything that the activation will follow, whatever is saved meanwhile. */
export interface Plan {
  readonly nodes: readonly PlanNode[];
  readonly wires: readonly PlanWire[];
  /** The output whose results are the response; absent: any. */
  readonly answer?: string;
}

/** One delivery of a payload to a skill. */
export interface Step {
  /** Numbers with dots: the step before, and the place among those that it gave. Results are sorted by it. */
  readonly id: string;
  readonly node: string;
  readonly input: string;
  /** The step whose output it was given; absent: the invocation. */
  readonly after?: string;
  readonly channelId: string;
  readonly messageId: string;
  readonly payload: unknown;
  readonly status: ActivationStatus;
  /** The gateway that makes the call. */
  readonly owner: string;
  readonly taskName?: string;
  /** Epoch ms. */
  readonly start?: number;
  readonly end?: number;
  readonly error?: string;
  /** How many messages its job has sent. */
  readonly messages: number;
}

/** What reached an output of the agent, or of the skill that was invoked. */
export interface Result {
  /** Sorts results, as the id of a step would. */
  readonly id: string;
  readonly output: string;
  readonly payload: unknown;
}

export interface Activation {
  readonly activationId: string;
  readonly projectId: string;
  readonly username: string;
  readonly agentName?: string;
  readonly serviceName?: string;
  readonly skillName?: string;
  readonly inputName?: string;
  readonly channelId: string;
  readonly sessionId: string;
  readonly correlationId?: string;
  readonly sync: boolean;
  readonly payload: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Those of the request that the agent lets through. */
  readonly headers: Readonly<Record<string, string>>;
  readonly callbackUrl?: string;
  /** The callback is still to be delivered. */
  readonly isCallbackDue?: boolean;
  /** The gateway that delivers it, once the activation has ended. */
  readonly callbackOwner?: string;
  /** It was ended before its time, and what its calls have started is still to be stopped. */
  readonly isStopDue?: boolean;
  /** What its payloads take, counted as they come. */
  readonly bytes?: number;
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly results: readonly Result[];
  readonly status: ActivationStatus;
  /** Epoch ms. */
  readonly start: number;
  readonly end?: number;
  readonly elapsed?: number;
  readonly response?: unknown;
  readonly error?: { readonly message: string };
}

export const activationsDefinition: CollectionDefinition = {
  name: 'activations',
  scalars: [
    ...['activationId', 'projectId', 'username', 'agentName', 'serviceName', 'skillName', 'inputName', 'channelId'],
    ...['sessionId', 'correlationId', 'sync', 'status', 'start', 'end', 'elapsed', 'isCallbackDue', 'isStopDue'],
  ],
  indexes: [
    ['projectId', 'start'],
    ['projectId', 'agentName', 'start'],
    ['projectId', 'skillName', 'start'],
    ['projectId', 'correlationId', 'start'],
    ['status'],
    ['isCallbackDue'],
    ['isStopDue'],
  ],
};
