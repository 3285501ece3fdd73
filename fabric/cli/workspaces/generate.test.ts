/** A generated skill has the files of the seeds, its own tests pass, and the gateway takes its skill.yaml. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { realFiles } from '../../../world/real/files.ts';
import { skillDocument } from '../../gateway/schemas/skill.ts';
import { checkSkill } from '../../gateway/skills/check.ts';
import { generateSkill, SkillExistsError } from './generate.ts';
import { SkillNameError } from './names.ts';
import { languages, skillTypes } from './template-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'fabric-generate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const machine = { files: realFiles, packageFiles: realFiles };
const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('no python3 on the PATH: the programs in Python are not run');

const kinds = skillTypes.flatMap((type) => languages.map((language) => ({ type, language })));

describe.each(kinds)('a $type in $language', ({ type, language }) => {
  const workspace = join(folder, `${type}-${language}`);
  const name = `weather/My_${type}`;
  const action = join(workspace, 'skills', `weather-My_${type}`, 'actions', `weather-My_${type}`);

  test('has the files of a workspace, with nothing left to fill in', async () => {
    const paths = await generateSkill({ ...machine, workspace, force: false }, { name, type, language });
    const program = language === 'python' ? ['main.py', 'requirements.txt'] : ['main.ts', 'package.json'];
    expect(readdirSync(action)).toEqual(expect.arrayContaining(['Dockerfile', '.dockerignore', ...program]));
    for (const path of paths) expect(readFileSync(path, 'utf8'), path).not.toMatch(/\{\{\w+\}\}/);
    expect(paths).toContain(`${workspace}/docs/weather-My_${type}/README.md`);
  });

  test('has a skill.yaml that the gateway takes, with an image whose name registries take', () => {
    const text = readFileSync(join(dirname(dirname(action)), 'skill.yaml'), 'utf8');
    const skill = skillDocument.parse(parse(text));
    expect(checkSkill(skill)).toHaveProperty('content');
    expect(skill).toMatchObject({ name, actions: [{ name, type, image: `weather/my-${type}:1.0.0` }] });
  });

  test.runIf(language === 'typescript' || hasPython)('passes its own tests', () => {
    const command = language === 'python' ? ['python3', '-m', 'unittest'] : [process.execPath, '--test'];
    const { status, stdout, stderr } = spawnSync(command[0] ?? '', command.slice(1), {
      cwd: action,
      encoding: 'utf8',
      // Node.js would take a test below another for a part of that one.
      env: { PATH: process.env.PATH ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout + stderr).toMatch(/Ran [3-9] tests|tests [3-9]/);
  });
});

test.each(['1.0', 'true', 'null', '0x10'])('the name %s stays a text in skill.yaml', async (name) => {
  const workspace = join(folder, 'names');
  await generateSkill({ ...machine, workspace, force: false }, { name, type: 'job', language: 'python' });
  expect(parse(readFileSync(join(workspace, 'skills', name, 'skill.yaml'), 'utf8'))).toMatchObject({ name });
});

describe('what is there already', () => {
  const workspace = join(folder, 'there');
  const skill = { name: 'hello', type: 'job', language: 'python' } as const;
  const main = join(workspace, 'skills', 'hello', 'actions', 'hello', 'main.py');

  test('is named and left alone, and nothing else is written', async () => {
    await generateSkill({ ...machine, workspace, force: false }, skill);
    writeFileSync(main, 'mine');
    rmSync(join(workspace, 'docs'), { recursive: true });
    const refused = await generateSkill({ ...machine, workspace, force: false }, skill).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(SkillExistsError);
    expect(String(refused)).toContain(main);
    expect(readFileSync(main, 'utf8')).toBe('mine');
    expect(readdirSync(workspace)).toEqual(['skills']);
  });

  test('is overwritten with force', async () => {
    await generateSkill({ ...machine, workspace, force: true }, skill);
    expect(readFileSync(main, 'utf8')).toContain('def run');
  });

  test('another skill goes beside it', async () => {
    await generateSkill({ ...machine, workspace, force: false }, { ...skill, name: 'other' });
    expect(readdirSync(join(workspace, 'skills'))).toEqual(['hello', 'other']);
  });
});

test.each(['', 'a b', '../x', 'a/b/c', '-a', 'a/', 'x'.repeat(129)])('refuses the name %j', async (name) => {
  const made = generateSkill(
    { ...machine, workspace: folder, force: false },
    { name, type: 'job', language: 'python' },
  );
  await expect(made).rejects.toThrow(SkillNameError);
});
