/** The catalogue: every file below the folder is a scenario, chosen by name or by folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { catalogue, choose, load, UnknownScenarioError } from './catalogue.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text);
}

write('overlap/replace.ts', '/** Replaces. */\nexport default { title: "Replace" };');
write('overlap/forbid.ts', '/**\n * Runs of\n * 90 s.\n */\nexport default { title: "Forbid", play() {} };');
write('overlapping/other.ts', 'export default { title: "Other" };');
write('overlap/forbid.test.ts', 'not a scenario');
write('overlap/types.d.ts', 'not a scenario');
write('overlap/shared.fixture.ts', 'not a scenario');
write('overlap/forbid.spec.ts', 'not a scenario');
write('top.ts', 'not a scenario');

describe('the catalogue', () => {
  test('names each scenario by its path, in order, with its first comment as one line', () => {
    expect(catalogue(folder).map(({ name, about }) => [name, about])).toEqual([
      ['overlap-forbid', 'Runs of 90 s.'],
      ['overlap-replace', 'Replaces.'],
      ['overlapping-other', ''],
    ]);
  });

  test('loads a scenario', async () => {
    const [first] = catalogue(folder);
    expect(first && (await load(first)).title).toBe('Forbid');
  });
});

describe('choosing', () => {
  const chosen = (...names: string[]) => choose(catalogue(folder), names).map(({ name }) => name);
  test('without names takes all', () => expect(chosen()).toHaveLength(3));
  test('takes a scenario by its whole name', () => expect(chosen('overlap-forbid')).toEqual(['overlap-forbid']));
  test('takes a folder, and not one whose name only begins so', () => {
    expect(chosen('overlap')).toEqual(['overlap-forbid', 'overlap-replace']);
  });
  test('takes each once, in the order of the catalogue', () => {
    expect(chosen('overlapping', 'overlap-replace', 'overlap')).toEqual([
      'overlap-forbid',
      'overlap-replace',
      'overlapping-other',
    ]);
  });
  test('refuses a name that nothing has, and names what there is', () => {
    expect(() => chosen('overlap-forbi')).toThrow(UnknownScenarioError);
    expect(() => chosen('dance')).toThrow(/no scenario "dance".*overlap-forbid, overlap-replace/);
  });
});

test('each of the project’s scenarios says what it shows and why', async () => {
  const entries = catalogue(fileURLToPath(new URL('../../scenarios', import.meta.url)));
  expect(entries.length).toBeGreaterThan(20);
  for (const entry of entries) {
    expect(entry.about.length, entry.name).toBeGreaterThan(40);
    expect((await load(entry)).title, entry.name).toMatch(/^\S.{10,}[^.]$/);
  }
});
