/** The conditions of a CustomResourceDefinition. Source: semantics 1.16; messages are upstream's. */
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export const namesAccepted: Condition = {
  type: 'NamesAccepted',
  status: 'True',
  reason: 'NoConflicts',
  message: 'no conflicts found',
};

export const established: Condition = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
};

export const notAccepted: Condition = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
};

/** Names in the order in which upstream judges them, with the reason for a refusal; the last one stays. */
const judged = [
  ['plural', 'PluralConflict'],
  ['singular', 'SingularConflict'],
  ['shortNames', 'ShortNamesConflict'],
  ['kind', 'KindConflict'],
  ['listKind', 'ListKindConflict'],
] as const;

/** The names that no other definition of the group has been granted, and the condition when that is not all of them. */
export function judgeNames(
  definition: ApiObject,
  others: readonly ApiObject[],
): { accepted: object; conflict?: Condition } {
  const asked = recordAt(definition.spec, 'names');
  const before = recordAt(definition.status, 'acceptedNames');
  const granted = others.map((other) => recordAt(other.status, 'acceptedNames'));
  const resources = new Set(granted.flatMap((names) => [names.plural, names.singular, ...listAt(names, 'shortNames')]));
  const kinds = new Set(granted.flatMap((names) => [names.kind, names.listKind]));
  const accepted: Record<string, unknown> = { ...before };
  let conflict: Condition | undefined;
  for (const [member, reason] of judged) {
    const taken = member === 'kind' || member === 'listKind' ? kinds : resources;
    const wanted = asked[member];
    const [clash] = (Array.isArray(wanted) ? wanted : [wanted]).filter((name) => name && taken.has(name));
    if (clash === undefined) {
      if (wanted === undefined) delete accepted[member];
      else accepted[member] = wanted;
    } else {
      const message = `${JSON.stringify(clash)} is already in use`;
      conflict = { type: 'NamesAccepted', status: 'False', reason, message };
    }
  }
  if (asked.categories === undefined) delete accepted.categories;
  else accepted.categories = asked.categories;
  return conflict ? { accepted, conflict } : { accepted };
}

export const terminating: Condition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
};

const deletionPending: Condition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
};

export function isEstablished(definition: ApiObject): boolean {
  return listAt(definition.status, 'conditions').some(
    (each) => textAt(each, 'type') === 'Established' && textAt(each, 'status') === 'True',
  );
}

/** The status with further members, and conditions in place of those of the same types. */
export function withConditions(
  definition: ApiObject,
  members: object,
  conditions: readonly Condition[],
  time: string,
): object {
  const types = conditions.map((each) => each.type);
  const kept = listAt(definition.status, 'conditions').filter((each) => !types.includes(textAt(each, 'type')));
  const before = listAt(definition.status, 'conditions').filter(isRecord);
  const added = conditions.map(({ type, status, reason, message }) => {
    const same = before.find((each) => each.type === type && each.status === status);
    return { type, status, lastTransitionTime: same?.lastTransitionTime ?? time, reason, message };
  });
  return { ...recordAt(definition, 'status'), ...members, conditions: [...kept, ...added] };
}

/** Said in the same write as the deletion begins. */
export function beginDefinitionDeletion(definition: ApiObject, time: string): ApiObject {
  return { ...definition, status: withConditions(definition, {}, [deletionPending], time) };
}
