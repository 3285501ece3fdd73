import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputError, OutputFile, openOutputFolder } from './output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-output-'));
  mkdirSync(join(folder, 'a-folder'));
  writeFileSync(join(folder, 'a-file'), 'before');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that a command is to write', () => {
  test.each([
    ['a-folder', 'it is a folder'],
    ['a-file/x.json', 'no folder'],
    [`${'x'.repeat(300)}.json`, 'the name is too long'],
  ])('is refused before anything else: %.20s', (name, why) => {
    const path = join(folder, name);
    expect(() => OutputFile.open('--json', path)).toThrow(OutputError);
    expect(() => OutputFile.open('--json', path)).toThrow(new RegExp(`--json .* cannot be written: .*${why}`));
    expect(readdirSync(folder).sort()).toEqual(['a-file', 'a-folder']);
  });

  test('is whole or as it was; folders on the way are made', () => {
    const output = OutputFile.open('--json', join(folder, 'a-file'));
    expect(readFileSync(join(folder, 'a-file'), 'utf8')).toBe('before');
    output.write('after');
    expect(readFileSync(join(folder, 'a-file'), 'utf8')).toBe('after');
    OutputFile.open('--json', join(folder, 'a-file')).discard();
    expect(readFileSync(join(folder, 'a-file'), 'utf8')).toBe('after');
    OutputFile.open('--json', join(folder, 'x/y/z.json')).write('new');
    expect(readFileSync(join(folder, 'x/y/z.json'), 'utf8')).toBe('new');
    expect(readdirSync(folder).sort()).toEqual(['a-file', 'a-folder', 'x']);
  });

  test('with secrets is its owner’s alone', () => {
    OutputFile.open('--ready-file', join(folder, 'ready.json'), 0o600).write('token');
    expect(statSync(join(folder, 'ready.json')).mode & 0o777).toBe(0o600);
  });

  test('that is a device is written itself, also behind a link', () => {
    symlinkSync('/dev/null', join(folder, 'nothing'));
    OutputFile.open('--json', join(folder, 'nothing')).write('gone');
    expect(statSync(join(folder, 'nothing')).isCharacterDevice()).toBe(true);
  });
});

test('a folder for outputs is made, and refused where none can be', () => {
  openOutputFolder('--trace', join(folder, 'traces/of/this'));
  expect(readdirSync(join(folder, 'traces/of/this'))).toEqual([]);
  expect(() => openOutputFolder('--trace', join(folder, 'a-file'))).toThrow(/--trace .* no folder/);
});
