/** An action as clients read it. */
import type { Saved } from '../documents/documents.ts';
import type { Action } from '../skills/action.ts';

export function shownAction({ content, version, createdBy, createdAt, updatedAt, title, description }: Saved<Action>) {
  const { environment, ...rest } = content;
  const environmentVariables = Object.entries(environment)
    .map(([name, value]) => `${JSON.stringify(name)}=${JSON.stringify(value)}`)
    .join(',');
  return { ...rest, environmentVariables, title, description, version, createdBy, createdAt, updatedAt };
}
