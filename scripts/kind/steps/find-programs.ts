/** The programs that do the work. */
import { findProgram } from '../../../harness/environments/controlplane/parts.ts';
import { RemediedError, type Step } from '../step.ts';

const homes = {
  kind: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/',
} as const;

export const findPrograms: Step = {
  name: 'find kind and kubectl',
  deadlineMs: 10_000,
  remedy: 'see that `kind version` works',
  async run(site, signal) {
    for (const [program, home] of Object.entries(homes)) {
      if (findProgram(program) === undefined) {
        throw new RemediedError(`there is no ${program} on the PATH, nor in $ORRERY_PARTS/bin`, `install it: ${home}`);
      }
    }
    const { stdout } = await site.run('kind', ['version', '--quiet'], signal);
    return `kind ${stdout.trim()}`;
  },
};
