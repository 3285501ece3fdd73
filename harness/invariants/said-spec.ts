/**
 * A Task's spec as a record or a pod shows it, compared with the Task's own: what was said must be there, and nothing
 * else but defaults.
 */
import type { TaskSpec } from '../../fabric/task/task.ts';

/** Members that a record's spec does not carry: the payload stands beside it, and a run is never suspended. */
const elsewhere: readonly string[] = ['payload', 'suspend', 'suspendUntil', 'suspendReason'];
/** What the mapping fills in. */
const defaults: Readonly<Record<string, unknown>> = { backoffLimit: 0 };

/** Why `shown` is not what the Task says; undefined when it is. */
export function saidObjection(shown: unknown, spec: TaskSpec): string | undefined {
  if (typeof shown !== 'object' || shown === null) return `is ${JSON.stringify(shown)}`;
  const got = shown as Readonly<Record<string, unknown>>;
  const said: Readonly<Record<string, unknown>> = { ...defaults, ...spec };
  for (const member of Object.keys({ ...said, ...got })) {
    if (elsewhere.includes(member)) continue;
    const [left, right] = [plain(got[member]), plain(said[member])];
    if (left !== right) return `has ${member} ${left.slice(0, 200)}, not ${right.slice(0, 200)}`;
  }
  return undefined;
}

/** Members in order; numbers as text, as Kubernetes writes quantities; empty lists and objects like missing ones. */
function plain(value: unknown): string {
  if (value === undefined || value === '') return 'nothing';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  if (entries.length === 0) return 'nothing';
  return entries
    .map(([name, member]) => `${name}=${typeof member === 'number' ? `"${member}"` : plain(member)}`)
    .join(', ');
}
