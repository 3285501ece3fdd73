/**
 * What the operator sees of its cluster: caches of Tasks, pools, CronJobs, Jobs and pods, with the indexes that keep
 * each lookup independent of how many there are. Views lag behind the cluster; whoever must be sure reads live.
 */
import type { KubernetesClient } from '../../kubernetes/client.ts';
import { Informer } from '../../kubernetes/informer.ts';
import { controllerOf, keyOf } from '../../kubernetes/meta.ts';
import type { CronJob, Job, KubernetesObject, Pod } from '../../kubernetes/objects.ts';
import { cronJobs, jobs, pods } from '../../kubernetes/resources.ts';
import type { World } from '../../world/world.ts';
import { managedSelector } from '../task/labels.ts';
import { taskNameOf } from '../task/read-back.ts';
import { type Task, type TaskPool, taskPools, tasks } from '../task/task.ts';
import { millisOf } from './run/time.ts';

/** `namespace/name`. */
export type Key = string;

export function splitKey(key: Key): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** Objects by the key of something else; objects are told apart by uid. */
class Index<T extends KubernetesObject> {
  readonly #groups = new Map<string, Map<string, T>>();

  put(group: string, object: T): void {
    const members = this.#groups.get(group) ?? new Map<string, T>();
    members.set(object.metadata?.uid ?? '', object);
    this.#groups.set(group, members);
  }

  remove(group: string, object: T): void {
    const members = this.#groups.get(group);
    members?.delete(object.metadata?.uid ?? '');
    if (members?.size === 0) this.#groups.delete(group);
  }

  members(group: string): T[] {
    return [...(this.#groups.get(group)?.values() ?? [])];
  }
}

export interface ViewListener {
  taskChanged(key: Key): void;
  taskGone(task: Task): void;
  poolChanged(namespace: string): void;
  cronJobChanged(cronJob: CronJob): void;
  jobChanged(job: Job): void;
  jobGone(job: Job): void;
  podChanged(pod: Pod): void;
  podGone(last: Pod): void;
}

export class ClusterView {
  readonly #tasks: Informer<Task>;
  readonly #pools: Informer<TaskPool>;
  readonly #cronJobs: Informer<CronJob>;
  readonly #jobs: Informer<Job>;
  readonly #pods: Informer<Pod>;
  readonly #jobsOfTask = new Index<Job>();
  readonly #podsOfJob = new Index<Pod>();
  readonly #tasksOfPool = new Index<Task>();

  constructor(options: {
    readonly world: World;
    readonly client: KubernetesClient;
    readonly namespace?: string;
    readonly relistEveryMs: number;
    readonly listener: ViewListener;
  }) {
    const { listener, ...rest } = options;
    this.#tasks = new Informer<Task>({ ...rest, type: tasks });
    this.#pools = new Informer<TaskPool>({ ...rest, type: taskPools });
    this.#cronJobs = new Informer<CronJob>({ ...rest, type: cronJobs, labelSelector: managedSelector });
    this.#jobs = new Informer<Job>({ ...rest, type: jobs, labelSelector: managedSelector });
    this.#pods = new Informer<Pod>({ ...rest, type: pods, labelSelector: managedSelector });
    this.#indexAll();
    this.#listen(listener);
  }

  /** Resolves when every cache has its first list. Pods and Jobs come first, so that no Task is judged without them. */
  async start(): Promise<void> {
    await Promise.all([this.#pods.start(), this.#jobs.start(), this.#cronJobs.start(), this.#pools.start()]);
    await this.#tasks.start();
  }

  stop(): void {
    for (const informer of [this.#tasks, this.#pools, this.#cronJobs, this.#jobs, this.#pods]) informer.stop();
  }

  task(key: Key): Task | undefined {
    const { namespace, name } = splitKey(key);
    return this.#tasks.get(namespace, name);
  }

  tasks(namespace: string): Task[] {
    return this.#tasks.list(namespace);
  }

  tasksOfPool(namespace: string, pool: string): Task[] {
    return this.#tasksOfPool.members(`${namespace}/${pool}`);
  }

  pool(namespace: string, name: string): TaskPool | undefined {
    return this.#pools.get(namespace, name);
  }

  cronJob(key: Key): CronJob | undefined {
    const { namespace, name } = splitKey(key);
    return this.#cronJobs.get(namespace, name);
  }

  job(key: Key): Job | undefined {
    const { namespace, name } = splitKey(key);
    return this.#jobs.get(namespace, name);
  }

  /** Every Job that was made for the Task of that name: its own, or the runs of its schedule. */
  jobsOfTask(key: Key): Job[] {
    return this.#jobsOfTask.members(key);
  }

  podsOfJob(jobUid: string): Pod[] {
    return this.#podsOfJob.members(jobUid);
  }

  #indexAll(): void {
    keepIndex(this.#jobs, this.#jobsOfTask, (job) => taskKeyOf(job));
    keepIndex(this.#pods, this.#podsOfJob, (pod) => controllerUidOf(pod));
    keepIndex(this.#tasks, this.#tasksOfPool, (task) => `${task.metadata?.namespace}/${task.spec?.taskPool ?? ''}`);
  }

  #listen(listener: ViewListener): void {
    const task = (object: Task) => listener.taskChanged(keyOf(object));
    this.#tasks.on({
      added: task,
      updated: (_before, after) => task(after),
      deleted: (last) => listener.taskGone(last),
    });
    const pool = (object: TaskPool) => listener.poolChanged(object.metadata?.namespace ?? '');
    this.#pools.on({ added: pool, updated: (_before, after) => pool(after), deleted: pool });
    const cronJob = (object: CronJob) => listener.cronJobChanged(object);
    this.#cronJobs.on({ added: cronJob, updated: (_before, after) => cronJob(after), deleted: cronJob });
    const job = (object: Job) => listener.jobChanged(object);
    this.#jobs.on({ added: job, updated: (_before, after) => job(after), deleted: (last) => listener.jobGone(last) });
    const pod = (object: Pod) => listener.podChanged(object);
    this.#pods.on({ added: pod, updated: (_before, after) => pod(after), deleted: (last) => listener.podGone(last) });
  }
}

/** `namespace/name` of the Task that a Job was made for. */
export function taskKeyOf(job: Job): Key | undefined {
  const name = taskNameOf(job);
  return name === undefined ? undefined : `${job.metadata?.namespace ?? ''}/${name}`;
}

export function controllerUidOf(object: KubernetesObject): string | undefined {
  return controllerOf(object)?.uid;
}

/** Oldest first. */
export function byAge(one: Pod, other: Pod): number {
  const [a, b] = [millisOf(one.metadata?.creationTimestamp) ?? 0, millisOf(other.metadata?.creationTimestamp) ?? 0];
  if (a !== b) return a - b;
  return (one.metadata?.name ?? '') < (other.metadata?.name ?? '') ? -1 : 1;
}

function keepIndex<T extends KubernetesObject>(
  informer: Informer<T>,
  index: Index<T>,
  groupOf: (object: T) => string | undefined,
): void {
  const put = (object: T) => {
    const group = groupOf(object);
    if (group !== undefined) index.put(group, object);
  };
  const remove = (object: T) => {
    const group = groupOf(object);
    if (group !== undefined) index.remove(group, object);
  };
  informer.on({
    added: put,
    updated(before, after) {
      remove(before);
      put(after);
    },
    deleted: remove,
  });
}
