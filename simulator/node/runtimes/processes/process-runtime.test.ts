import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { realWorld } from '../../../../world/real/world.ts';
import type { ContainerStart } from '../runtime.ts';
import { StartError } from '../start-error.ts';
import { type LocalImage, LocalImages } from './local-images.ts';
import { ProcessRuntime } from './process-runtime.ts';

const world = realWorld('test');
const node = (program: string): LocalImage => ({ command: [process.execPath, '-e', program] });

/** Starts a container of that image; `said` resolves when its output holds the text. */
async function start(image: LocalImage, more: Partial<ContainerStart> = {}) {
  let output = '';
  let heard: () => void = () => {};
  const runtime = new ProcessRuntime({ world, images: new LocalImages({ image }), path: '/usr/bin:/bin' });
  const container = await runtime.start({
    pod: { namespace: 'n', name: 'p', uid: 'u', labels: {}, annotations: {}, nodeName: 'node', address: '127.0.0.1' },
    container: 'main',
    image: 'image:latest',
    command: [],
    args: [],
    environment: {},
    ports: [],
    files: { root: '/nowhere', mounts: [] },
    output: async (_, bytes) => {
      output += Buffer.from(bytes).toString('utf8');
      heard();
    },
    notSimulated: () => {},
    ...more,
  });
  return {
    container,
    output: () => output,
    said: (text: string) =>
      new Promise<void>((resolve) => {
        heard = () => {
          if (output.includes(text)) resolve();
        };
        heard();
      }),
  };
}

describe('a local program', () => {
  test('is told where its volumes are', async () => {
    const mounts = [{ path: '/data', folder: '/somewhere/data', readOnly: false }];
    const { container, output } = await start(node('console.log(process.env.ORRERY_MOUNTS)'), {
      files: { root: '/nowhere', mounts },
    });
    expect(await container.exited).toEqual({ exitCode: 0 });
    expect(JSON.parse(output())).toEqual({ '/data': '/somewhere/data' });
  });

  test('may be asked by commands with its variables; what they write is not its log', async () => {
    const { container, output } = await start(node('setInterval(() => {}, 1000)'), { environment: { A: 'b' } });
    expect(await container.execute(['sh', '-c', 'echo $A; exit 3'])).toEqual({ exitCode: 3, output: 'b\n' });
    expect(await container.execute(['/no/such/program'])).toMatchObject({ exitCode: 127 });
    container.kill();
    await container.exited;
    expect(output()).toBe('');
  });

  test('gets PATH, its own variables and the declared port, and nothing else', async () => {
    const { container, output } = await start(node('console.log(JSON.stringify(process.env))'), {
      environment: { A: 'b' },
      ports: [8080, 9090],
    });
    expect(await container.exited).toEqual({ exitCode: 0 });
    expect(JSON.parse(output())).toEqual({ PATH: '/usr/bin:/bin', A: 'b', PORT: '8080' });
  });

  test('keeps a PORT that the container sets itself', async () => {
    const { container, output } = await start(node('console.log(process.env.PORT)'), {
      environment: { PORT: '1' },
      ports: [8080],
    });
    await container.exited;
    expect(output()).toBe('1\n');
  });

  test('gets arguments behind those of the image, byte for byte', async () => {
    const argument = '{"text": "$HOME \\"ü\\" \\n $(id)"}';
    const { container, output } = await start(node('console.log(process.argv[1])'), { args: [argument] });
    await container.exited;
    expect(output()).toBe(`${argument}\n`);
  });

  test('is replaced by the container’s own command', async () => {
    const command = [process.execPath, '-e', 'process.exit(4)'];
    const { container } = await start(node('process.exit(3)'), { command });
    expect(await container.exited).toEqual({ exitCode: 4 });
  });

  test('runs in the folder of its image', async () => {
    const { container, output } = await start({ ...node('console.log(process.cwd())'), folder: '/usr' });
    await container.exited;
    expect(output()).toBe('/usr\n');
  });
});

describe('a local program that cannot be run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orrery-programs-'));
  const plain = join(folder, 'plain');
  const script = join(folder, 'script');
  writeFileSync(plain, 'hello');
  writeFileSync(script, '#!/no/such/interpreter\n', { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const refused =
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
    'unable to start container process: ';

  // As containerd 2.4.2 and runc said it of the same cases on kind.
  test.each([
    ['/no/such/program', 'exec: "/no/such/program": stat /no/such/program: no such file or directory'],
    ['no-such-program', 'exec: "no-such-program": executable file not found in $PATH'],
    ['./no/such', 'exec: "./no/such": stat ./no/such: no such file or directory'],
    ['', 'exec: "": executable file not found in $PATH'],
    ['/tmp', 'exec: "/tmp": permission denied'],
    [plain, `exec: "${plain}": permission denied`],
    [`${plain}/x`, `exec: "${plain}/x": stat ${plain}/x: not a directory`],
  ])('"%s" is not started', async (program, why) => {
    const starting = start({ command: [program] });
    await expect(starting).rejects.toThrow(StartError);
    await expect(starting).rejects.toThrow(new StartError(why).message);
    expect(new StartError(why).message).toBe(refused + why);
  });

  test('because its interpreter is missing has started, and says so', async () => {
    const { container, output } = await start({ command: [script] });
    expect(await container.exited).toEqual({ exitCode: 1 });
    expect(output()).toBe(`exec ${script}: no such file or directory\n`);
  });
});

describe('ending', () => {
  const forever = 'setInterval(() => {}, 1000); console.log("ready")';

  test('by SIGTERM is 143', async () => {
    const { container, said } = await start(node(forever));
    await said('ready');
    container.terminate();
    expect(await container.exited).toEqual({ exitCode: 143, signal: 15 });
  });

  test('by SIGKILL is 137, also where SIGTERM is ignored', async () => {
    const { container, said } = await start(node(`process.on('SIGTERM', () => console.log('no')); ${forever}`));
    await said('ready');
    container.terminate();
    await said('no');
    container.kill();
    expect(await container.exited).toEqual({ exitCode: 137, signal: 9 });
  });

  test('takes along what the program has started', async () => {
    const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'ignore' })`;
    const { container, output } = await start(node(`console.log(${grandchild}.pid); process.exit(0)`));
    await container.exited;
    const pid = Number(output());
    // The signal is sent; the machine needs a moment to carry it out.
    for (let tries = 0; tries < 500 && isAlive(pid); tries += 1) await world.clock.sleep(10);
    expect(isAlive(pid)).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
