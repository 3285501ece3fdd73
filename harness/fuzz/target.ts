/** A server that is fuzzed: how requests reach it in a simulation, and what of its insides tells of a fault. */

import type { OpenApiDocument } from '../../fabric/openapi/document.ts';
import { deadlineSignal } from '../../world/clock.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import type { TraceEvent } from '../../world/simulated/trace.ts';
import type { World } from '../../world/world.ts';
import type { FuzzAnswer } from './judge.ts';
import type { FuzzRequest, Knowledge } from './requests.ts';

export interface Target {
  readonly name: string;
  readonly document: OpenApiDocument;
  readonly knowledge: Knowledge;
  send(request: FuzzRequest): Promise<FuzzAnswer>;
  /** What is wrong with an answer by the description. */
  describedFaults(request: FuzzRequest, answer: FuzzAnswer): string[];
  /** What went wrong inside since it was last asked: errors that services have noted. */
  innerErrors(): string[];
  /** Whether the service still does its work. */
  isAlive(): Promise<boolean>;
  /** Lets what was set going come to its end, and puts back what was deleted. */
  rest(): Promise<void>;
  end(): Promise<void>;
}

/** Followed logs and invocations that are waited for have no end of their own. */
const patienceMs = 5_000;

/**
 * Sends requests byte for byte, each from a client that waits some seconds at most; what has come until then is the
 * answer.
 */
export function senderTo(
  simulation: Simulation,
  { network, clock }: World,
  origin: string,
  bearers: ReadonlyMap<string, string>,
) {
  const send = async ({ method, path, headers, body, caller }: FuzzRequest): Promise<FuzzAnswer> => {
    const bearer = bearers.get(caller);
    const { signal, clear } = deadlineSignal(clock, patienceMs, 'an answer');
    try {
      const answer = await network.dispatcher().request({
        origin,
        method: method as 'GET',
        path,
        headers: { ...headers, ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
        signal,
        ...(body === undefined ? {} : { body }),
      });
      let text = '';
      try {
        for await (const chunk of answer.body) text += Buffer.from(chunk as Uint8Array).toString('utf8');
      } catch (error) {
        if (!signal.aborted) throw error;
      }
      return { status: answer.statusCode, headers: answer.headers, text, isWhole: !signal.aborted };
    } finally {
      clear();
    }
  };
  return (request: FuzzRequest): Promise<FuzzAnswer> => simulation.run(send(request));
}

/** Collects what services note of their own failures. */
export class InnerErrors {
  #noted: string[] = [];

  readonly sink = (event: TraceEvent): void => {
    if (event.type !== 'log' || event.level !== 'error') return;
    this.#noted.push(`${event.process}: ${event.message} ${JSON.stringify(event.facts)}`);
  };

  take(): string[] {
    return this.#noted.splice(0);
  }
}
