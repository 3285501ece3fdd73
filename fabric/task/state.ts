/**
 * The states of a run and their order. A state never goes back, and of two end states the first one holds, so that
 * posts may be repeated, late or out of order without harm.
 */

export const taskStates = ['PENDING', 'SUBMITTED', 'QUEUED', 'ACTIVE', 'COMPLETE', 'FAILED', 'CANCELLED'] as const;

/**
 * PENDING: a record exists. SUBMITTED: the Task exists. QUEUED: its Job exists, no container runs yet. ACTIVE: a
 * container has begun. COMPLETE, FAILED, CANCELLED: it has ended.
 */
export type TaskState = (typeof taskStates)[number];

/** What a schedule shows instead, in the words of the existing clients (contract 8, row 3). */
export type ScheduleState = 'Active' | 'PAUSED';

const ranks: Readonly<Record<TaskState, number>> = {
  PENDING: 0,
  SUBMITTED: 1,
  QUEUED: 2,
  ACTIVE: 3,
  COMPLETE: 4,
  FAILED: 4,
  CANCELLED: 4,
};

/** The place of a state in the order; the end states share the last one. */
export function rankOf(state: TaskState): number {
  return ranks[state];
}

export function isTerminal(state: TaskState): boolean {
  return ranks[state] === ranks.COMPLETE;
}

/** True if a run in state `from` may next be seen in state `to`; staying is no step. States may be skipped. */
export function mayFollow(from: TaskState, to: TaskState): boolean {
  return ranks[to] > ranks[from];
}

/** The state to hold after `seen` arrives at `held`: the later one; of two of the same rank the one held. */
export function advance(held: TaskState | undefined, seen: TaskState): TaskState {
  return held === undefined || mayFollow(held, seen) ? seen : held;
}

/** How many states lie between two states that were reported one after the other (0 for neighbours and for repeats). */
export function skippedBetween(reported: TaskState, next: TaskState): number {
  return Math.max(0, ranks[next] - ranks[reported] - 1);
}

/** True for one of the seven words, exactly. */
export function isTaskState(text: unknown): text is TaskState {
  return taskStates.some((state) => state === text);
}
