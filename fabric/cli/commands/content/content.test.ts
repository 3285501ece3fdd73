/** `fabric content`: files and folders up, objects down, whatever their keys are. */
import { beforeEach, expect, test } from 'vitest';
import { openBench } from '../../../gateway/bench.fixture.ts';
import { type Cli, openCli } from '../../cli.fixture.ts';

let cli: Cli;
beforeEach(async () => {
  cli = openCli(await openBench());
});
const keys = async () => JSON.parse((await cli.run(['content', 'list', '--json', '[].Key'])).out);

test.each(['plain.txt', 'a/b/c', 'with space', '100%', 'ünï/çødé', '/leading', 'a+b&c=d', '%2F', '#?'])(
  'a file goes up as %s and comes down the same',
  async (key) => {
    const text = `text of ${key}\n`;
    await cli.file('some file', text);
    expect((await cli.run(['content', 'upload', key, 'some file'])).out).toBe(
      `Uploaded some file as ${key.replace(/^\//, '')}\n`,
    );
    expect(await keys()).toEqual([key.replace(/^\//, '')]);
    expect(await cli.run(['content', 'download', key])).toEqual({ code: 0, out: text, err: '' });
    await cli.run(['content', 'delete', key]);
    expect(await keys()).toEqual([]);
  },
);

test('standard input goes up, with its type; the list tells both', async () => {
  const flags = ['--content-type', 'text/csv', '--ttl', '600'];
  expect((await cli.run(['content', 'upload', 'in.csv', '-', ...flags], { input: 'a,b\n' })).code).toBe(0);
  const { out } = await cli.run(['content', 'list', '--prefix', 'in']);
  expect(out).toMatch(/│ in\.csv +│ text\/csv +│ \d{4}-\d\d-\d\dT[\d:.]+Z +│ 4 +│/);
});

test('a folder goes up with all that is in it', async () => {
  for (let number = 0; number < 25; number++) await cli.file(`dir/sub/${number}`, String(number));
  await cli.file('dir/top', 'top');
  expect((await cli.run(['content', 'upload', 'here', 'dir', '-r', '--test'])).out).toContain(
    'dir/sub/7 -> here/sub/7\n',
  );
  expect(await keys()).toEqual([]);
  expect((await cli.run(['content', 'upload', 'here', 'dir', '-r'])).code).toBe(0);
  expect((await keys()).length).toBe(26);
  expect((await cli.run(['content', 'download', 'here/sub/7'])).out).toBe('7');
});

test('an object comes down into a file that is there when it is whole', async () => {
  await cli.file('up', 'whole');
  await cli.run(['content', 'upload', 'key', 'up']);
  expect(await cli.run(['content', 'download', 'key', '-o', 'down'])).toEqual({ code: 0, out: '', err: '' });
  expect((await cli.run(['content', 'upload', 'again', 'down'])).code).toBe(0);
  expect((await cli.run(['content', 'download', 'again'])).out).toBe('whole');
});

test.each([
  [['download', 'nix'], 5, 'content nix'],
  [['delete', 'nix'], 5, 'content nix'],
  [['upload', 'key', 'nix'], 2, 'there is no file nix'],
  [['upload', 'key', 'dir'], 2, 'dir is a folder: upload it by -r'],
  [['upload', 'key', 'dir/file', '-r'], 2, 'dir/file is no folder'],
  [['upload', 'key', 'dir/file', '--ttl', '0'], 2, '--ttl must be a whole number'],
  [['upload', `k${'e'.repeat(1100)}y`, 'dir/file'], 1, 'upload of dir/file'],
])('%j is refused', async (words, code, message) => {
  await cli.file('dir/file', 'x');
  const printed = await cli.run(['content', ...words]);
  expect([printed.code, printed.err]).toEqual([code, expect.stringContaining(message)]);
});
