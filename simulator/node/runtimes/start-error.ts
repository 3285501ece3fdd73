/**
 * A container whose program cannot be run: containerd creates it, runc does not get it started. Nothing of it ever
 * runs. The words are those of containerd 2 and runc, of which a node of Kubernetes 1.36 tells all.
 */

const taskFailed = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: ';
const runcFailed = 'runc create failed: unable to start container process: ';

/**
 * What a container ends with that could not be started. (Upstream: containerd internal/cri/server, unknownExitCode and
 * errorStartExitCode.)
 */
export const startErrorExitCode = 128;

export class StartError extends Error {
  override readonly name = 'StartError';

  /** `what` is runc's complaint. */
  constructor(what: string) {
    super(`${taskFailed}${runcFailed}${what}`);
  }
}

/** Why a program is not run, as the system says it. */
type Reason = 'no such file or directory' | 'not a directory' | 'permission denied';

/**
 * A program that is named by its path is not there, or is none; one that is named without a path is in no folder of
 * PATH.
 */
export function programMissing(program: string, reason: Reason): StartError {
  const named = `exec: ${JSON.stringify(program)}: `;
  if (!program.includes('/')) return new StartError(`${named}executable file not found in $PATH`);
  if (reason === 'permission denied') return new StartError(`${named}${reason}`);
  return new StartError(`${named}stat ${program}: ${reason}`);
}

/** The working folder is made where it is missing; it cannot be where a file is. */
export function workingFolderIsFile(folder: string): StartError {
  return new StartError(`error during container init: mkdir ${folder}: not a directory`);
}
