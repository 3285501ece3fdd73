/** A printer of a kind whose type is not written down: it reads what it shows by name. */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { recordAt } from '../json.ts';
import { type Cell, nameColumn, type Printer } from './columns.ts';
import { sinceText } from './duration.ts';

type Members = Readonly<Record<string, unknown>>;
type Columns = Printer<KubernetesObject>['columns'];

/** Columns behind the name, and their cells; `age` is the text of the age. */
export function printer(
  columns: Columns,
  cells: (object: Members, facts: { readonly spec: Members; readonly status: Members; readonly age: string }) => Cell[],
): Printer<KubernetesObject> {
  return {
    columns: [nameColumn, ...columns],
    cells: (object, nowMs) => {
      const members = object as unknown as Members;
      const age = sinceText(object.metadata?.creationTimestamp, nowMs);
      const facts = { spec: recordAt(members, 'spec'), status: recordAt(members, 'status'), age };
      return [object.metadata?.name ?? '', ...cells(members, facts)];
    },
  };
}

export function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

export function orUnset(value: unknown, unset: string): string {
  return value === undefined || value === null ? unset : String(value);
}
