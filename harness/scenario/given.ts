/** The first phase of a scenario: what is there before anything happens. */

import type { AgentDocument } from '../../fabric/gateway/schemas/agent.ts';
import type { SkillDocument } from '../../fabric/gateway/schemas/skill.ts';
import {
  type Task,
  type TaskPool,
  type TaskPoolSpec,
  type TaskSpec,
  taskPools,
  tasks,
} from '../../fabric/task/task.ts';
import { hasReason, type KubernetesClient } from '../../kubernetes/client.ts';
import type { Job, JobSpec, Namespace, Pod } from '../../kubernetes/objects.ts';
import { jobs, namespaces, pods, type ResourceType } from '../../kubernetes/resources.ts';
import type { Random } from '../../world/random.ts';
import { SeededRandom } from '../../world/simulated/seeded-random.ts';
import type { Environment } from '../environments/environment.ts';
import { checkPoolSpec, checkTaskWish } from './check-fields.ts';
import type { StepLog } from './step-log.ts';

export interface TaskReference {
  readonly name: string;
  readonly namespace: string;
}

export type { RandomStream } from '../../world/random.ts';

/** A Task's spec; what is left out is filled in. `script` is the actor's (fixtures/actor). */
export type TaskWish = Partial<TaskSpec> & { readonly script?: string };

export class Given {
  readonly #environment: Environment;
  readonly #steps: StepLog;

  /** Chance that the run's seed decides: what a scenario leaves to chance is the same in a replay. */
  readonly random: Random;

  constructor(environment: Environment, steps: StepLog, random: Random = new SeededRandom(1, 'scenario')) {
    this.#environment = environment;
    this.#steps = steps;
    this.random = random;
  }

  /** Another namespace beside the scenario's own. */
  async namespace(name: string): Promise<string> {
    this.#steps.add('given', `a namespace ${name}`);
    const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await this.#environment.settle(this.#environment.kubernetes.create(namespaces, undefined, namespace));
    return name;
  }

  /** Applies a Task as `kubectl` would, in the scenario's namespace if no other one is named. */
  async task(name: string, wish: TaskWish, namespace = this.#environment.namespace): Promise<TaskReference> {
    checkTaskWish(`given.task('${name}')`, wish);
    this.#steps.add('given', `a Task ${name} ${wordsOf(wish)}`);
    const task: Task = {
      apiVersion: 'fabric.orrery.dev/v1',
      kind: 'Task',
      metadata: { name, namespace },
      spec: specOf(wish, this.image('orrery/actor')),
    };
    await this.#create(tasks, task);
    return { name, namespace };
  }

  /** Saves a skill, which deploys it. Throws when the gateway refuses it. */
  async skill(document: SkillDocument): Promise<void> {
    const actions = document.actions?.map((action) =>
      action.image === undefined ? action : { ...action, image: this.image(action.image) },
    );
    await this.#save('skills', { ...document, ...(actions ? { actions } : {}) });
  }

  /** Saves an agent. Throws when the gateway refuses it. */
  async agent(document: AgentDocument): Promise<void> {
    await this.#save('agents', document);
  }

  async #save(kind: 'skills' | 'agents', document: SkillDocument | AgentDocument): Promise<void> {
    this.#steps.add('given', `${kind === 'skills' ? 'a skill' : 'an agent'} ${document.name}`);
    const { gateway } = this.#environment;
    if (!gateway) throw new Error('this scenario runs without a gateway: it can have no skills and agents');
    const path = `/fabric/v4/projects/${scenarioProject}/${kind}`;
    const body = JSON.stringify(document);
    const answer = await this.#environment.settle(gateway.fetch(path, { method: 'POST', body }));
    if (answer.status !== 200) throw new Error(`the gateway refused ${document.name}: ${answer.status} ${answer.text}`);
    const { details } = JSON.parse(answer.text) as { details?: unknown };
    if (details !== undefined) throw new Error(`${document.name} was not deployed: ${answer.text}`);
  }

  async taskPool(name: string, spec: TaskPoolSpec): Promise<string> {
    checkPoolSpec(`given.taskPool('${name}')`, spec);
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

  /** A Job of the actor that nobody but Kubernetes looks after: no Task, no operator. */
  async job(name: string, script: string, spec: Partial<JobSpec> = {}): Promise<TaskReference> {
    this.#steps.add('given', `a Job ${name} that does "${script}" ${JSON.stringify(spec)}`);
    const { namespace } = this.#environment;
    const container = { name: 'main', image: this.image('orrery/actor'), args: [script] };
    const job: Job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, namespace },
      spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    };
    await this.#create(jobs, job);
    return { name, namespace };
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

  async #create(type: ResourceType, object: Task | TaskPool | Pod | Job): Promise<void> {
    const { kubernetes } = this.#environment;
    await this.#environment.settle(kubernetes.create(type, object.metadata?.namespace, object));
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
