/** The real kubectl, from $ORRERY_PARTS/bin, else from the PATH. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningUp } from './running-up.fixture.ts';

/** Undefined, and said, where there is none. */
export const program = findKubectl();
if (!program) process.stderr.write('skipped: tests with the real kubectl: none in $ORRERY_PARTS/bin nor on the PATH\n');

function findKubectl(): string | undefined {
  const part = process.env.ORRERY_PARTS && join(process.env.ORRERY_PARTS, 'bin', 'kubectl');
  if (part && existsSync(part)) return part;
  return spawnSync('kubectl', ['version', '--client']).status === 0 ? 'kubectl' : undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** One kubectl that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves with the output so far when it matches. */
  shows(pattern: RegExp): Promise<string>;
  stop(): void;
}

export class Kubectl {
  readonly #up: RunningUp;

  constructor(up: RunningUp) {
    this.#up = up;
  }

  start(parameters: readonly string[], input?: string): Running {
    const environment = { ...process.env, KUBECONFIG: this.#up.endpoints.kubernetes.kubeconfig };
    const child = spawn(program ?? 'kubectl', parameters, { env: environment });
    let out = '';
    let err = '';
    let look = () => {};
    child.stdout.on('data', (bytes) => {
      out += bytes;
      look();
    });
    child.stderr.on('data', (bytes) => {
      err += bytes;
    });
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })));
    child.stdin.end(input ?? '');
    const shows = (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        look = () => {
          if (pattern.test(out)) resolve(out);
        };
        look();
        void ended.then(() => reject(new Error(`kubectl ended without ${pattern}:\n${out}${err}`)));
      });
    return { ended, shows, stop: () => child.kill() };
  }

  run(parameters: readonly string[], input?: string): Promise<Ended> {
    return this.start(parameters, input).ended;
  }

  /** `create -f -` of the object. */
  create(object: object): Promise<Ended> {
    return this.run(['create', '-f', '-'], JSON.stringify(object));
  }

  /** Lets virtual time pass; the HTTP status. */
  async advance(duration: string): Promise<number> {
    const body = JSON.stringify({ advance: duration });
    return (await fetch(`${this.#up.endpoints.control.url}/clock`, { method: 'POST', body })).status;
  }
}
