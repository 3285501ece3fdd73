/** `fabric workspaces generate`: writes the files of a new skill into a workspace. */
import type { Files } from '../../../world/files.ts';
import { filesOfSkill, type NewSkill, type PackageFiles } from './template-files.ts';

/** Thrown when files of the skill are there already; nothing has been written then. */
export class SkillExistsError extends Error {
  override readonly name = 'SkillExistsError';
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super(
      `nothing was written, because this is there already:\n${paths.map((path) => `  ${path}\n`).join('')}Choose another name or folder, or give --force to overwrite`,
    );
    this.paths = paths;
  }
}

export interface Generating {
  /** Where the workspace is. */
  readonly files: Files;
  /** Where the templates are: the package's own. */
  readonly packageFiles: PackageFiles;
  readonly workspace: string;
  /** Files that are there are overwritten. */
  readonly force: boolean;
}

/** Resolves with the paths of all files. Throws SkillNameError, SkillExistsError. */
export async function generateSkill(
  { files, packageFiles, workspace, force }: Generating,
  skill: NewSkill,
): Promise<string[]> {
  const wanted = await filesOfSkill(packageFiles, skill);
  const paths = wanted.map(({ path }) => `${workspace}/${path}`);
  const statuses = await Promise.all(paths.map((path) => files.status(path)));
  const there = paths.filter((_, index) => statuses[index] !== undefined);
  if (there.length > 0 && !force) throw new SkillExistsError(there);
  for (const { path, text } of wanted) await files.write(`${workspace}/${path}`, text);
  return paths;
}
