/**
 * What a guide tells its reader to do: its blocks of `sh`, and in the block of `text` behind one, what that prints.
 * Pure.
 */

export interface Step {
  readonly commands: string;
  /** Absent: the guide does not say what is printed. */
  readonly printed?: string;
}

export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  for (const [, language, text = ''] of page.matchAll(/^```(sh|text|console|yaml)\n(.*?)^```$/gms)) {
    if (language === 'sh') steps.push({ commands: text });
    const last = steps.at(-1);
    if (language === 'text' && last && last.printed === undefined) steps.splice(-1, 1, { ...last, printed: text });
  }
  return steps;
}

/** Stands behind the output of each step. */
const mark = '--- this step of the guide has ended ---';

/** All steps as one script, which ends at the first command that fails; with `-x` it says which that was. */
export function scriptOf(steps: readonly Step[]): string {
  return ['set -eu\n', ...steps.flatMap(({ commands }) => [commands, `echo '${mark}'\n`])].join('');
}

/** What each step has printed, of the script's standard output. */
export function outputsOf(output: string): string[] {
  return output.split(`${mark}\n`).slice(0, -1);
}

/** Whether that was printed; `…` is anything in its line. */
export function isPrinted(expected: string, actual: string): boolean {
  const parts = expected.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^\\n]*')}$`).test(actual);
}
