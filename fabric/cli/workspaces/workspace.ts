/** The skills of a workspace: what stands in its folder, as the commands that build and publish take it. */
import type { Files } from '../../../world/files.ts';
import { CommandError, usageError } from '../errors.ts';
import { documentOf } from '../input.ts';
import { folderOf } from './names.ts';

/** An action whose program stands in the workspace. */
export interface BuiltAction {
  readonly name: string;
  /** As skill.yaml names it. */
  readonly image: string;
  /** Absolute; with the Dockerfile. */
  readonly folder: string;
}

export interface WorkspaceSkill {
  readonly name: string;
  /** skill.yaml, absolute. */
  readonly file: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** Those that have a folder with a Dockerfile; images of the others come from elsewhere. */
  readonly actions: readonly BuiltAction[];
}

/**
 * All skills of the workspace, or those that are named, in the order of their folders. Usage errors where there is no
 * skill, or one that cannot be read; `notFound` for a name that none has.
 */
export async function skillsOf(files: Files, workspace: string, names: readonly string[]): Promise<WorkspaceSkill[]> {
  const skills: WorkspaceSkill[] = [];
  for (const folder of await files.list(`${workspace}/skills`)) {
    const file = `${workspace}/skills/${folder}/skill.yaml`;
    if ((await files.status(file))?.kind === 'file') skills.push(await skillOf(files, file));
  }
  if (skills.length === 0) {
    throw usageError(`there is no skills/*/skill.yaml in ${workspace}: begin with "fabric workspaces generate NAME"`);
  }
  return names.length === 0 ? skills : [...new Set(names.map((name) => named(skills, name)))];
}

function named(skills: readonly WorkspaceSkill[], name: string): WorkspaceSkill {
  const found = skills.find((skill) => skill.name === name);
  if (found) return found;
  const there = skills.map((skill) => skill.name).join(', ');
  throw new CommandError('notFound', `no skill of the workspace is named ${JSON.stringify(name)}: there are ${there}`);
}

async function skillOf(files: Files, file: string): Promise<WorkspaceSkill> {
  const document = documentOf((await files.read(file)).toString('utf8'), file);
  const { name, actions = [] } = document;
  if (typeof name !== 'string') throw usageError(`${file} names no skill`, [{ where: 'name', message: 'is missing' }]);
  if (!Array.isArray(actions)) {
    throw usageError(`${file} is no skill`, [{ where: 'actions', message: 'must be a list' }]);
  }
  const folder = file.replace(/\/skill\.yaml$/, '/actions');
  const built = await Promise.all(actions.map((action, index) => actionOf(files, { file, folder, action, index })));
  return { name, file, document, actions: built.filter((action) => action !== undefined) };
}

interface WrittenAction {
  readonly file: string;
  /** Of the skill's actions. */
  readonly folder: string;
  readonly action: unknown;
  readonly index: number;
}

/** undefined for one whose program is not in the workspace. */
async function actionOf(
  files: Files,
  { file, folder, action, index }: WrittenAction,
): Promise<BuiltAction | undefined> {
  const { name, image } = (typeof action === 'object' && action !== null ? action : {}) as Record<string, unknown>;
  const where = `actions[${index}]`;
  if (typeof name !== 'string')
    throw usageError(`${file}: an action has no name`, [{ where, message: 'needs a name' }]);
  const own = `${folder}/${folderOf(name)}`;
  if ((await files.status(`${own}/Dockerfile`))?.kind !== 'file') return undefined;
  if (typeof image === 'string' && image !== '') return { name, image, folder: own };
  const message = 'is missing: it is the name under which the image is built';
  throw usageError(`${file}: the action ${JSON.stringify(name)} names no image`, [
    { where: `${where}.image`, message },
  ]);
}
