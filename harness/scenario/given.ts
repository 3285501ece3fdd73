/** The first phase of a scenario: what is there before anything happens. */

import {
  type Task,
  type TaskPool,
  type TaskPoolSpec,
  type TaskSpec,
  taskPools,
  tasks,
} from '../../fabric/task/task.ts';
import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import { pods, type ResourceType } from '../../kubernetes/resources.ts';
import type { Environment } from '../environments/environment.ts';
import type { StepLog } from './step-log.ts';

export interface TaskReference {
  readonly name: string;
  readonly namespace: string;
}

/** A Task's spec; what is left out is filled in. `script` is the actor's (fixtures/actor). */
export type TaskWish = Partial<TaskSpec> & { readonly script?: string };

export class Given {
  readonly #environment: Environment;
  readonly #steps: StepLog;

  constructor(environment: Environment, steps: StepLog) {
    this.#environment = environment;
    this.#steps = steps;
  }

  /** Applies a Task as `kubectl` would. */
  async task(name: string, wish: TaskWish): Promise<TaskReference> {
    this.#steps.add('given', `a Task ${name} ${wordsOf(wish)}`);
    const { namespace } = this.#environment;
    const task: Task = {
      apiVersion: 'fabric.orrery.dev/v1',
      kind: 'Task',
      metadata: { name, namespace },
      spec: specOf(wish, this.image('orrery/actor')),
    };
    await this.#create(tasks, task);
    return { name, namespace };
  }

  async taskPool(name: string, spec: TaskPoolSpec): Promise<string> {
    this.#steps.add('given', `a TaskPool ${name} ${JSON.stringify(spec)}`);
    const { namespace } = this.#environment;
    const pool: TaskPool = {
      apiVersion: 'fabric.orrery.dev/v1',
      kind: 'TaskPool',
      metadata: { name, namespace },
      spec,
    };
    await this.#create(taskPools, pool);
    return name;
  }

  /** A daemon: a plain Pod that is always restarted, its port in the environment. */
  async daemon(name: string, image: string, port: number): Promise<void> {
    this.#steps.add('given', `a daemon ${name} (${image}) on port ${port}`);
    const { namespace } = this.#environment;
    const environment = [{ name: 'PORT', value: String(port) }];
    const container = { name: 'daemon', image: this.image(image), env: environment, ports: [{ containerPort: port }] };
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: { restartPolicy: 'Always', containers: [container] },
    };
    await this.#create(pods, pod);
  }

  /** Applies a Task that the API server is expected to refuse; resolves with its message, undefined if accepted. */
  async refusalOf(name: string, wish: TaskWish): Promise<string | undefined> {
    try {
      await this.task(name, wish);
      return undefined;
    } catch (error) {
      if (hasReason(error, 'Invalid')) return error.message;
      throw error;
    }
  }

  /** An image by the name that this environment has for it. */
  image(name: string): string {
    return this.#environment.imageOf(name);
  }

  get kubernetes(): KubernetesClient {
    return this.#environment.kubernetes;
  }

  async #create(type: ResourceType, object: Task | TaskPool | Pod): Promise<void> {
    const { kubernetes, namespace } = this.#environment;
    await this.#environment.settle(kubernetes.create(type, namespace, object));
  }
}

/** The project that scenarios' Tasks belong to. */
export const scenarioProject = 'proj1';

function specOf(wish: TaskWish, actorImage: string): TaskSpec {
  const { script, ...spec } = wish;
  return {
    projectId: scenarioProject,
    skillName: 'actor',
    actionName: 'run',
    image: actorImage,
    username: 'scenario@orrery.dev',
    source: 'scenario',
    ...(script === undefined ? {} : { args: [script] }),
    ...spec,
  };
}

function wordsOf(wish: TaskWish): string {
  const { script, schedule, concurrencyPolicy, ...rest } = wish;
  const words = [schedule ? `every "${schedule}"` : 'once'];
  if (concurrencyPolicy) words.push(`under ${concurrencyPolicy}`);
  if (script) words.push(`that does "${script}"`);
  if (Object.keys(rest).length > 0) words.push(JSON.stringify(rest).slice(0, 200));
  return words.join(' ');
}
