/** Writes the status of Tasks, and only when it says something new: each write wakes the operator again. */
import { isDeepStrictEqual } from 'node:util';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { type Task, type TaskStatus, tasks } from '../../task/task.ts';

export class StatusWriter {
  readonly #client: KubernetesClient;
  /** What was last written for a Task's uid: the view lags behind. */
  readonly #written = new Map<string, TaskStatus>();

  constructor(client: KubernetesClient) {
    this.#client = client;
  }

  /** The status as this process last wrote it, or as the view has it. */
  current(task: Task): TaskStatus {
    return this.#written.get(task.metadata?.uid ?? '') ?? task.status ?? {};
  }

  /** Brings the Task's status to `next`, members that it lacks removed. A Task that is gone is no error. */
  async write(task: Task, next: TaskStatus): Promise<void> {
    const { name = '', namespace, uid = '' } = task.metadata ?? {};
    const before = this.current(task);
    if (isDeepStrictEqual(before, next)) {
      // The view has caught up, or nothing is new.
      if (isDeepStrictEqual(task.status, next)) this.#written.delete(uid);
      return;
    }
    const removed = Object.keys(before).filter((member) => !(member in next));
    const status = { ...Object.fromEntries(removed.map((member) => [member, null])), ...next };
    try {
      // With the uid, so that a Task of the same name is never given this status.
      await this.#client.patch(
        tasks,
        namespace,
        name,
        'merge',
        { metadata: { uid }, status },
        { subresource: 'status' },
      );
      this.#written.set(uid, next);
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  forget(uid: string): void {
    this.#written.delete(uid);
  }
}
