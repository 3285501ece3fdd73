/** The files of a new skill: which templates there are, where each goes, and what is filled in. */
import { fileURLToPath } from 'node:url';
import type { Files } from '../../../world/files.ts';
import { checkSkillName, folderOf, imageOf, packageOf } from './names.ts';

export const skillTypes = ['job', 'daemon'] as const;
export type SkillType = (typeof skillTypes)[number];

export const languages = ['python', 'typescript'] as const;
export type Language = (typeof languages)[number];

export interface NewSkill {
  readonly name: string;
  readonly type: SkillType;
  readonly language: Language;
}

/** What a package is asked for its own files. */
export type PackageFiles = Pick<Files, 'list' | 'read'>;

/** A file to be written, its path relative to the workspace. */
export interface SkillFile {
  readonly path: string;
  readonly text: string;
}

/** `build.ts` copies them beside what it makes of this file. */
const templates = fileURLToPath(new URL('../templates', import.meta.url));

/**
 * All files of the skill, in the order of their paths; templates are read from the package's own files. Throws
 * SkillNameError.
 */
export async function filesOfSkill(packageFiles: PackageFiles, skill: NewSkill): Promise<SkillFile[]> {
  const { name, type, language } = skill;
  checkSkillName(name);
  const folder = folderOf(name);
  const ofType = `${templates}/${type}`;
  const ofLanguage = `${ofType}/${language}`;
  const made = [
    { from: `${ofType}/skill.yaml`, path: `skills/${folder}/skill.yaml` },
    { from: `${ofType}/message.json`, path: `skills/${folder}/invoke/request/message.json` },
    ...(await packageFiles.list(ofLanguage)).map((file) => ({
      from: `${ofLanguage}/${file}`,
      path: file === 'README.md' ? `docs/${folder}/README.md` : `skills/${folder}/actions/${folder}/${file}`,
    })),
  ];
  const filled = made.map(async ({ from, path }) => ({
    path,
    text: fill((await packageFiles.read(from)).toString(), skill),
  }));
  return (await Promise.all(filled)).sort((one, other) => (one.path < other.path ? -1 : 1));
}

function fill(text: string, { name }: NewSkill): string {
  const values: Readonly<Record<string, string>> = {
    name,
    folder: folderOf(name),
    image: imageOf(name),
    package: packageOf(name),
  };
  return text.replace(/\{\{(\w+)\}\}/g, (whole, key: string) => values[key] ?? whole);
}
