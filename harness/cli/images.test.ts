/** The file of `--images`: what is right is taken, what is wrong is named with file, image and field. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readImages } from './images.ts';

const folder = mkdtempSync(join(tmpdir(), 'orrery-images-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string): ReturnType<typeof readImages> {
  const file = join(folder, 'images.json');
  writeFileSync(file, content);
  return readImages(file);
}

test('a command and a folder beside the file', () => {
  const images = read('{"my/skill": {"command": ["python3", "main.py"], "folder": "mine"}}');
  expect(images['my/skill']).toEqual({ command: ['python3', 'main.py'], folder: join(folder, 'mine') });
});

test.each([
  ['{"a": {"comand": ["x"]}}', 'comand is no field of the image a (did you mean command?)'],
  ['{"a": {"command": ["x"], "foldr": "."}}', 'foldr is no field of the image a (did you mean folder?)'],
  ['{"a": {"command": ["x"], "folder": 7}}', 'folder must be a text that is not empty, not 7'],
  ['{"a": {"command": "x"}}', 'the command of a must be a list of texts'],
  ['{"a": null}', 'a must be an object with a command'],
  ['[]', 'not a JSON object'],
  ['{', 'JSON'],
])('%s is refused', (content, words) => expect(() => read(content)).toThrow(words));
