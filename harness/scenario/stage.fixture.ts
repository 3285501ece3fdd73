/**
 * An environment for the tests of given, when and then: time passes at once, and what is seen is what the test puts
 * there.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import type { Environment, GatewayAnswer } from '../environments/environment.ts';
import { emptyRecording, type Recording } from '../recording/recording.ts';
import { Given } from './given.ts';
import type { Stage } from './scenario.ts';
import { StepLog } from './step-log.ts';
import { Then } from './then.ts';
import { When } from './when.ts';

export const startAt = Date.UTC(2026, 0, 1);

export interface FakeStage extends Stage {
  readonly recording: Recording;
  readonly steps: StepLog;
  readonly environment: FakeEnvironment;
}

export class FakeEnvironment {
  readonly name = 'fake';
  readonly abilities = new Set<never>();
  readonly namespace = 'fabric';
  readonly recording = emptyRecording(startAt);
  readonly content = undefined;
  readonly counts = { traceEvents: 0, requests: 0 };
  /** What was asked of the cluster and of the services, in words. */
  readonly calls: unknown[] = [];
  /** Called as time passes, with the new instant. */
  onTime: (now: number) => void = () => undefined;
  onCollect: () => void = () => undefined;
  answer: () => GatewayAnswer = () => answerOf(200, '{}');
  gateway: Environment['gateway'] = { url: 'http://gateway', fetch: async () => this.answer() };
  #now = startAt;

  readonly kubernetes = {
    create: async (...args: unknown[]) => this.calls.push(args),
    patch: async (...args: unknown[]) => this.calls.push(args),
    delete: async (...args: unknown[]) => this.calls.push(args),
  } as unknown as KubernetesClient;

  readonly clock = {
    now: () => this.#now,
    sleep: async (durationMs: number) => {
      this.#now += durationMs;
      this.recording.endedAt = this.#now;
      this.onTime(this.#now);
    },
  };

  readonly faults = {
    kill: async (service: string) => void this.calls.push(`kill ${service}`),
    start: async (service: string) => void this.calls.push(`start ${service}`),
    inject: () => () => void this.calls.push('heal'),
    killAtRequest: (service: string) => void this.calls.push(`kill ${service} at a request`),
  };

  imageOf = (image: string): string => image;
  reach = () => ({ url: 'http://pod', fetch: async () => this.answer() });
  settle = <T>(work: Promise<T>): Promise<T> => work;
  traceHash = (): string => '';
  down = async (): Promise<void> => void this.calls.push('down');
  [Symbol.asyncDispose] = (): Promise<void> => this.down();
  collect = async (): Promise<void> => this.onCollect();
}

export function answerOf(status: number, text: string): GatewayAnswer {
  return { status, text, header: () => undefined, json: <T>() => JSON.parse(text) as T };
}

export function fakeStage(): FakeStage {
  const environment = new FakeEnvironment();
  const steps = new StepLog(() => environment.clock.now());
  const given = new Given(environment, steps);
  const when = new When(environment, steps);
  const then = new Then(environment, steps);
  return { environment, steps, recording: environment.recording, given, when, then };
}
