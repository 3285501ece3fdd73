/**
 * The cached Jobs by the name of what controls them, so that a sync need not look through all Jobs of its namespace.
 */

import { controllerOf } from '../../../kubernetes/meta.ts';
import type { Job } from '../../../kubernetes/objects.ts';

/**
 * The name of the object that controls the Job, whatever its kind: all that the controller compares (semantics 2.5).
 */
export function controllerNameOf(job: Job): string | undefined {
  return controllerOf(job)?.name;
}

export class JobsByController {
  readonly #jobs = new Map<string, Map<string, Job>>();

  put(job: Job): void {
    const key = keyOf(job);
    if (key === undefined) return;
    const children = this.#jobs.get(key) ?? new Map<string, Job>();
    children.set(job.metadata?.uid ?? '', job);
    this.#jobs.set(key, children);
  }

  remove(job: Job): void {
    const key = keyOf(job);
    const children = key === undefined ? undefined : this.#jobs.get(key);
    if (key === undefined || !children) return;
    children.delete(job.metadata?.uid ?? '');
    if (children.size === 0) this.#jobs.delete(key);
  }

  /** In order of their names. */
  of(namespace: string, controllerName: string): Job[] {
    const children = [...(this.#jobs.get(`${namespace}/${controllerName}`)?.values() ?? [])];
    return children.sort((one, other) => ((one.metadata?.name ?? '') < (other.metadata?.name ?? '') ? -1 : 1));
  }
}

function keyOf(job: Job): string | undefined {
  const name = controllerNameOf(job);
  return name === undefined ? undefined : `${job.metadata?.namespace ?? ''}/${name}`;
}
