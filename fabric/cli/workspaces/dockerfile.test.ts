/** What an image runs is what the reference of Dockerfiles says of ENTRYPOINT and CMD. */
import { expect, test } from 'vitest';
import { commandOf } from './dockerfile.ts';

test.each([
  ['a command', 'FROM a\nCMD ["python3", "main.py"]\n', ['python3', 'main.py']],
  ['an entry point and its arguments', 'FROM a\nENTRYPOINT ["node"]\nCMD ["main.ts"]', ['node', 'main.ts']],
  ['the last of each', 'FROM a\nCMD ["one"]\nCMD ["two"]', ['two']],
  ['an entry point, which takes back the command before it', 'FROM a\nCMD ["x"]\nENTRYPOINT ["y"]', ['y']],
  ['the last stage', 'FROM a AS build\nENTRYPOINT ["make"]\nFROM b\nCMD ["run"]', ['run']],
  ['a text, for a shell', 'FROM a\nCMD python3 main.py --all', ['/bin/sh', '-c', 'python3 main.py --all']],
  ['a shell as entry point, which takes no command', 'FROM a\nENTRYPOINT run\nCMD ["x"]', ['/bin/sh', '-c', 'run']],
  ['words in small letters, over several lines', 'from a\n  cmd ["a", \\\n  # why\n  "b"]\r\n', ['a', 'b']],
  ['nothing', 'FROM a\n# CMD ["x"]\nRUN make', undefined],
  ['nothing in an empty list', 'FROM a\nCMD []', undefined],
])('%s', (_, dockerfile, command) => {
  expect(commandOf(dockerfile)).toEqual(command);
});
