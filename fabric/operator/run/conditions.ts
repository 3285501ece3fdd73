/** Conditions of a Task: set by type, with the time of the last change of their status. Pure. */
import type { Condition } from '../../task/task.ts';
import { wireTime } from './time.ts';

/**
 * The list with `next` in the place of the one of its type (new ones at the end). The transition time moves only when
 * the status does.
 */
export function withCondition(
  conditions: readonly Condition[],
  next: Omit<Condition, 'lastTransitionTime'>,
  now: number,
): Condition[] {
  const held = conditions.find(({ type }) => type === next.type);
  const since = held && held.status === next.status ? held.lastTransitionTime : wireTime(now);
  const condition: Condition = { ...next, lastTransitionTime: since };
  if (!held) return [...conditions, condition];
  return conditions.map((each) => (each.type === next.type ? condition : each));
}
