/** A step of bringing a cluster up: its name, its deadline, what to do when it fails, and a status line. */
import type { Site } from './site.ts';

export interface Step {
  /** As it reads in a list: `create the cluster`. */
  readonly name: string;
  readonly deadlineMs: number;
  /** What to do when it fails and nothing better is known. */
  readonly remedy: string;
  /** Resolves with a word on what came of it. */
  run(site: Site, signal: AbortSignal): Promise<string>;
}

/** A failure whose remedy is known. */
export class RemediedError extends Error {
  override readonly name = 'RemediedError';
  readonly remedy: string;

  constructor(what: string, remedy: string) {
    super(what);
    this.remedy = remedy;
  }
}

export class StepFailedError extends Error {
  override readonly name = 'StepFailedError';
  readonly step: string;

  constructor(step: Step, cause: unknown) {
    const remedy = cause instanceof RemediedError ? cause.remedy : step.remedy;
    super(`could not ${step.name}: ${wordsOf(cause)}\nwhat to do: ${remedy}`, { cause });
    this.step = step.name;
  }
}

/** Takes the steps in order, a line each; rejects with StepFailedError. */
export async function take(steps: readonly Step[], site: Site, print: (line: string) => void): Promise<void> {
  for (const [index, step] of steps.entries()) {
    const begun = performance.now();
    const head = `[${index + 1}/${steps.length}] ${step.name}`;
    try {
      const word = await withDeadline(step, site);
      print(`${head}: ${word} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (error) {
      print(`${head}: FAILED`);
      throw new StepFailedError(step, error);
    }
  }
}

async function withDeadline(step: Step, site: Site): Promise<string> {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), step.deadlineMs);
  const late = new Promise<never>((_resolve, reject) => {
    ending.signal.addEventListener('abort', () => reject(new Error(`not done within ${step.deadlineMs / 1000} s`)));
  });
  try {
    return await Promise.race([step.run(site, ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For whoever started a command: what failed, and what to do where that is known. */
export function failureText(error: unknown): string {
  if (error instanceof RemediedError) return `${error.message}\nwhat to do: ${error.remedy}`;
  return wordsOf(error);
}

const WORDS_LINES_MAX = 12;

/** A program's last words where one failed (zx tells them as `stderr`), else the message. */
function wordsOf(cause: unknown): string {
  const { stderr, message } = cause as { stderr?: string; message?: string };
  const words = (stderr || message || String(cause)).trim();
  return words.split('\n').slice(-WORDS_LINES_MAX).join('\n');
}
