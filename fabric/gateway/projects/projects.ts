/** The projects that there are. */
import type { World } from '../../../world/world.ts';
import { problems } from '../errors.ts';
import type { Collection, Query, Store } from '../stores/store.ts';
import { type Project, projectNameFault, projectsDefinition } from './project.ts';

export interface ProjectInput {
  readonly name: string;
  readonly title?: string | null;
  readonly description?: string | null;
}

interface ProjectsOptions {
  readonly world: World;
  readonly store: Store;
  /** Made when a request names it that may see it, for a loop of one's own. */
  readonly createOnUse: boolean;
}

export class Projects {
  readonly #options: ProjectsOptions;
  readonly #collection: Collection<Project>;

  private constructor(options: ProjectsOptions, collection: Collection<Project>) {
    this.#options = options;
    this.#collection = collection;
  }

  static async open(options: ProjectsOptions): Promise<Projects> {
    return new Projects(options, await options.store.collection<Project>(projectsDefinition));
  }

  /** Whether there is one of that name; with `createOnUse` there is, if the name can be one. */
  async isThere(name: string): Promise<boolean> {
    if ((await this.#collection.get(name)) !== undefined) return true;
    if (!this.#options.createOnUse || projectNameFault(name) !== undefined) return false;
    await this.save({ name });
    return true;
  }

  get(name: string): Promise<Project | undefined> {
    return this.#collection.get(name);
  }

  async find(query: Query): Promise<Project[]> {
    return (await this.#collection.find(query)).map(({ document }) => document);
  }

  /** Makes it, or changes what the input says (contract 3.3). Throws the Problem `invalid-project-name`. */
  async save(input: ProjectInput, username?: string): Promise<Project> {
    const fault = projectNameFault(input.name);
    if (fault !== undefined) throw problems.invalidProjectName(fault);
    const now = this.#options.world.clock.now();
    const saved = await this.#collection.update(input.name, (current) => ({
      ...(current ?? { _createdAt: now, ...(username === undefined ? {} : { _createdBy: username }) }),
      ...given(input),
      _updatedAt: now,
    }));
    if (!saved) throw new Error(`the store kept nothing of project ${input.name}`);
    return saved;
  }

  /** False when there was none. */
  async delete(name: string): Promise<boolean> {
    if ((await this.#collection.get(name)) === undefined) return false;
    await this.#collection.write([{ delete: name }]);
    return true;
  }
}

function given({ name, title, description }: ProjectInput): Pick<Project, 'name' | 'title' | 'description'> {
  return {
    name,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  };
}
