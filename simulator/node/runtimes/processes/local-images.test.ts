/** Images that are local commands are found by name, and registered and taken away while the node runs. */
import { expect, test } from 'vitest';
import { LocalImages } from './local-images.ts';

const one = { command: ['one'] };
const two = { command: ['two'], folder: '/two' };

test('are found by their whole name first, else without tag or digest', () => {
  const images = new LocalImages({ 'my/skill': one, 'my/skill:2': two });
  expect(['my/skill', 'my/skill:1', 'my/skill@sha256:ab', 'my/skill:2'].map((name) => images.find(name))).toEqual([
    one,
    one,
    one,
    two,
  ]);
  expect(images.find('constructor')).toBeUndefined();
});

test('are registered in the place of those of their name, and taken away', () => {
  const images = new LocalImages({ 'my/skill': one });
  images.register('my/skill', two);
  images.register('__proto__', one);
  expect(images.list()).toEqual(
    Object.fromEntries([
      ['my/skill', two],
      ['__proto__', one],
    ]),
  );
  expect([images.find('my/skill'), images.find('__proto__')]).toEqual([two, one]);
  expect([images.remove('my/skill'), images.remove('my/skill'), images.find('my/skill')]).toEqual([
    true,
    false,
    undefined,
  ]);
});

test('leave the table alone that they began with', () => {
  const table = { 'my/skill': one };
  new LocalImages(table).register('other', two);
  expect(table).toEqual({ 'my/skill': one });
});
