import { describe, expect, test } from 'vitest';
import { realWorld } from '../../../../world/real/world.ts';
import type { ContainerStart } from '../runtime.ts';
import { type LocalImage, ProcessRuntime } from './process-runtime.ts';

const world = realWorld('test');
const node = (program: string): LocalImage => ({ command: [process.execPath, '-e', program] });

/** Starts a container of that image; `said` resolves when its output holds the text. */
function start(image: LocalImage, more: Partial<ContainerStart> = {}) {
  let output = '';
  let heard: () => void = () => {};
  const runtime = new ProcessRuntime({ world, images: { image }, path: '/usr/bin:/bin' });
  const container = runtime.start({
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
    const { container, output } = start(node('console.log(process.env.ORRERY_MOUNTS)'), {
      files: { root: '/nowhere', mounts },
    });
    expect(await container.exited).toEqual({ exitCode: 0 });
    expect(JSON.parse(output())).toEqual({ '/data': '/somewhere/data' });
  });

  test('may be asked by commands with its variables; what they write is not its log', async () => {
    const { container, output } = start(node('setInterval(() => {}, 1000)'), { environment: { A: 'b' } });
    expect(await container.execute(['sh', '-c', 'echo $A; exit 3'])).toEqual({ exitCode: 3, output: 'b\n' });
    expect(await container.execute(['/no/such/program'])).toMatchObject({ exitCode: 127 });
    container.kill();
    await container.exited;
    expect(output()).toBe('');
  });

  test('gets PATH, its own variables and the declared port, and nothing else', async () => {
    const { container, output } = start(node('console.log(JSON.stringify(process.env))'), {
      environment: { A: 'b' },
      ports: [8080, 9090],
    });
    expect(await container.exited).toEqual({ exitCode: 0 });
    expect(JSON.parse(output())).toEqual({ PATH: '/usr/bin:/bin', A: 'b', PORT: '8080' });
  });

  test('keeps a PORT that the container sets itself', async () => {
    const { container, output } = start(node('console.log(process.env.PORT)'), {
      environment: { PORT: '1' },
      ports: [8080],
    });
    await container.exited;
    expect(output()).toBe('1\n');
  });

  test('gets arguments behind those of the image, byte for byte', async () => {
    const argument = '{"text": "$HOME \\"ü\\" \\n $(id)"}';
    const { container, output } = start(node('console.log(process.argv[1])'), { args: [argument] });
    await container.exited;
    expect(output()).toBe(`${argument}\n`);
  });

  test('is replaced by the container’s own command', async () => {
    const command = [process.execPath, '-e', 'process.exit(4)'];
    expect(await start(node('process.exit(3)'), { command }).container.exited).toEqual({ exitCode: 4 });
  });

  test('runs in the folder of its image', async () => {
    const { container, output } = start({ ...node('console.log(process.cwd())'), folder: '/usr' });
    await container.exited;
    expect(output()).toBe('/usr\n');
  });

  test('that does not exist ends with 127 and says why', async () => {
    const exit = await start({ command: ['/no/such/program'] }).container.exited;
    expect(exit.exitCode).toBe(127);
    expect(exit.startError).toContain('/no/such/program');
  });
});

describe('ending', () => {
  const forever = 'setInterval(() => {}, 1000); console.log("ready")';

  test('by SIGTERM is 143', async () => {
    const { container, said } = start(node(forever));
    await said('ready');
    container.terminate();
    expect(await container.exited).toEqual({ exitCode: 143, signal: 15 });
  });

  test('by SIGKILL is 137, also where SIGTERM is ignored', async () => {
    const { container, said } = start(node(`process.on('SIGTERM', () => console.log('no')); ${forever}`));
    await said('ready');
    container.terminate();
    await said('no');
    container.kill();
    expect(await container.exited).toEqual({ exitCode: 137, signal: 9 });
  });

  test('takes along what the program has started', async () => {
    const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'ignore' })`;
    const { container, output } = start(node(`console.log(${grandchild}.pid); process.exit(0)`));
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
