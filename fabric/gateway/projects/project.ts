/** A project: what every task, skill, agent and object of Fabric belongs to. */
import type { CollectionDefinition } from '../stores/store.ts';

export interface Project {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly _createdBy?: string;
  /** Epoch ms. */
  readonly _createdAt: number;
  readonly _updatedAt: number;
}

export const projectsDefinition: CollectionDefinition = {
  name: 'projects',
  scalars: ['name', 'title', 'description', '_createdBy', '_createdAt', '_updatedAt'],
  indexes: [['_updatedAt']],
};

/** What is wrong with a name, which is also the value of a label on everything that the project has in a cluster. */
export function projectNameFault(name: string): string | undefined {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name)) return undefined;
  return `${JSON.stringify(name)} is no name of a project: at most 63 letters, digits, ".", "_" and "-", with a letter or digit at both ends`;
}
