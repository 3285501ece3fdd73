/**
 * The seam between activations and what runs skills: jobs, daemons, external APIs. An activation hands over a call and
 * is told how it ended; it knows nothing of Tasks, Services and HTTP.
 */
import type { Action } from '../skills/action.ts';
import type { Skill } from '../skills/skill.ts';

/** What is delivered to a container, a daemon or an API (contract 4.3), but for the token and the endpoint. */
export interface Message {
  readonly activationId: string;
  readonly sessionId: string;
  readonly channelId: string;
  readonly projectId: string;
  /** With the project's prefix; absent on invocations of a skill. */
  readonly agentName?: string;
  readonly skillName: string;
  /** Epoch ms. */
  readonly timestamp: number;
  readonly payload: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly outputName: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One call of a skill's input within an activation. */
export interface Call {
  /** The same for each try: of a call that is repeated nothing is made twice. */
  readonly id: string;
  readonly skill: Skill;
  /** Absent with an external API. */
  readonly action: Action | undefined;
  readonly message: Message;
  /** Who invoked; `sub` of the token in the message. */
  readonly username: string;
  /** The agent's own name, without prefix. */
  readonly agentName: string | undefined;
  readonly correlationId: string | undefined;
  /** Reference of the skill in the agent's document. */
  readonly refId: string | undefined;
}

/**
 * How a call ended. With `error` and an `output` the flow goes on (a failed job, contract 8 row 17); with `error` alone
 * the branch ends.
 */
export interface Outcome {
  readonly output?: unknown;
  /** The output that the answer chose. */
  readonly outputName?: string;
  /** What went wrong, for people. */
  readonly error?: string;
}

export interface Runtime {
  /** Whether another process can take a call up where it is. */
  readonly canBeTakenUp: boolean;
  /** The name of the Task that the call is given; undefined in runtimes without Tasks. Pure. */
  taskName(call: Call): string | undefined;
  /**
   * Makes the call and resolves when it has ended; never rejects but with the signal's reason. A call of an `id` that
   * was begun before, by this process or by one that was killed, is taken up where it is: a job is not run twice, a
   * call to a daemon or an API is not known to be safe to repeat and ends with an error that says so (`isTakenUp`).
   */
  run(call: Call, isTakenUp: boolean, signal: AbortSignal): Promise<Outcome>;
  /** Ends what the call has started, where something runs on its own: a job's Task is deleted. */
  stop(call: Call): Promise<void>;
}
