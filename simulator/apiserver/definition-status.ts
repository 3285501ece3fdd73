/** The conditions of a CustomResourceDefinition. Source: semantics 1.16; messages are upstream's. */
import { type ApiObject, listAt, recordAt, textAt } from './json.ts';

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
  const added = conditions.map(({ type, status, reason, message }) => {
    return { type, status, lastTransitionTime: time, reason, message };
  });
  return { ...recordAt(definition, 'status'), ...members, conditions: [...kept, ...added] };
}

/** Said in the same write as the deletion begins. */
export function beginDefinitionDeletion(definition: ApiObject, time: string): ApiObject {
  return { ...definition, status: withConditions(definition, {}, [deletionPending], time) };
}
