/** Plays transcripts at one cluster: the real kubectl in a shell, each case in a folder and a namespace of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Agent, fetch } from 'undici';
import { kubeconfig } from '../../up/kubeconfig.ts';
import type { Case, Output, Step } from './transcript.ts';

/** A cluster under comparison, as its administrator reaches it. */
export interface Target {
  readonly url: string;
  readonly token: string;
  /** PEM text of its authority. */
  readonly ca: string;
}

/** Where the commands of a case are typed. */
interface Place {
  readonly folder: string;
  readonly namespace: string;
}

const DEADLINE_MS = 60_000;
const POLL_MS = 250;

/** A step that prepares the ground did not succeed, or was waited for in vain: the case says nothing. */
export class GroundError extends Error {
  override readonly name = 'GroundError';
  readonly output: Output;

  constructor(why: string, output: Output) {
    super(`${why}: ${output.command}\n${output.out}${output.err}(exit ${output.exit})`);
    this.output = output;
  }
}

export class Player {
  readonly #target: Target;
  readonly #kubectl: string;
  readonly #folder: string;
  readonly #agent: Agent;

  /** `folder` is for everything that the cases write; `kubectl` the path of the program. */
  constructor(target: Target, kubectl: string, folder: string) {
    this.#target = target;
    this.#kubectl = kubectl;
    this.#folder = folder;
    this.#agent = new Agent({ connect: { ca: target.ca } });
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async play(one: Case): Promise<Output[]> {
    const folder = join(this.#folder, one.namespace);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(one.files)) writeFileSync(join(folder, name), text, { mode: 0o755 });
    const { url, ca, token } = this.#target;
    writeFileSync(join(folder, 'kubeconfig'), kubeconfig({ url, ca, token, namespace: one.namespace }), {
      mode: 0o600,
    });
    await this.#prepareNamespace(one.namespace);
    const outputs: Output[] = [];
    const place = { folder, namespace: one.namespace };
    for (const step of one.steps) outputs.push(...(await this.#step(step, place)));
    return outputs;
  }

  /** The case's namespace; its default account is there, and mounts no token into pods. */
  async #prepareNamespace(namespace: string): Promise<void> {
    await this.#send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    const inside = `/api/v1/namespaces/${namespace}`;
    for (const end = performance.now() + DEADLINE_MS; performance.now() < end; await sleep(POLL_MS)) {
      const account = await this.#send('PATCH', `${inside}/serviceaccounts/default`, {
        automountServiceAccountToken: false,
      });
      const authority = await this.#send('GET', `${inside}/configmaps/kube-root-ca.crt`);
      if (account === 200 && authority === 200) return;
    }
    throw new Error(`namespace ${namespace}: no default account after ${DEADLINE_MS / 1000} s`);
  }

  async #send(method: string, path: string, body?: object): Promise<number> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const answer = await fetch(`${this.#target.url}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.#target.token}`, 'content-type': type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  async #step(step: Step, place: Place): Promise<Output[]> {
    if (step.pause !== undefined) await sleep(step.pause);
    const until = step.until === undefined ? undefined : new RegExp(step.until);
    for (const end = performance.now() + DEADLINE_MS; ; await sleep(POLL_MS)) {
      const { output, within } = await this.#run(step, place);
      if (until && !until.test(output.out)) {
        if (performance.now() > end) throw new GroundError(`waited in vain for ${step.until}`, output);
        continue;
      }
      if (step.quiet && output.exit !== 0) throw new GroundError('could not prepare', output);
      return step.quiet ? [] : [output, ...within];
    }
  }

  async #run(step: Step, place: Place): Promise<{ output: Output; within: readonly Output[] }> {
    const child = this.#start(step, place);
    let ended = false;
    const end = () => {
      ended = true;
      child.end();
    };
    const deadline = setTimeout(end, DEADLINE_MS);
    try {
      const within: Output[] = [];
      if (step.meanwhile) {
        await Promise.race([child.shows(/./), child.exit, sleep(step.pause ?? DEADLINE_MS)]);
        for (const each of step.meanwhile) within.push(...(await this.#step(each, place)));
      }
      if (step.shows !== undefined) {
        await Promise.race([child.shows(new RegExp(step.shows)), child.exit]);
        end();
      }
      const exit = await child.exit;
      const output = { command: step.run, ...child.printed(), exit: ended ? ('ended' as const) : exit };
      return { output: step.sorted ? { ...output, sorted: true } : output, within };
    } finally {
      clearTimeout(deadline);
    }
  }

  #start({ run, input }: Step, { folder, namespace }: Place): Command {
    const environment = {
      PATH: [dirname(this.#kubectl), process.env.PATH ?? ''].join(':'),
      HOME: folder,
      KUBECONFIG: join(folder, 'kubeconfig'),
      NAMESPACE: namespace,
      // What was discovered serves all cases.
      KUBECACHEDIR: join(this.#folder, 'cache'),
      TZ: 'UTC',
      // It ends before there is anything to collect.
      GOGC: 'off',
    };
    return new Command(run, folder, environment, input);
  }
}

/** A shell that runs, with all that it starts. */
class Command {
  readonly exit: Promise<number>;
  readonly #child;
  #out = '';
  #err = '';
  #look = () => {};

  constructor(run: string, folder: string, environment: Readonly<Record<string, string>>, input: string | undefined) {
    const child = spawn('sh', ['-c', run], { cwd: folder, env: environment, detached: true });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
      this.#look();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#err += text;
    });
    child.stdin.on('error', () => {
      // It did not read all of its input.
    });
    child.stdin.end(input ?? '');
    this.#child = child;
    this.exit = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? (signal === null ? 0 : 128)));
    });
  }

  printed(): { out: string; err: string } {
    return { out: this.#out, err: this.#err };
  }

  shows(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (pattern.test(this.#out)) resolve();
      };
      this.#look();
    });
  }

  end(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    process.kill(-pid, 'SIGTERM');
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
