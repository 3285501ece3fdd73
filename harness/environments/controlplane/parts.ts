/** The programs of a real control plane: found in `$ORRERY_PARTS/bin` or on the PATH. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const partNames = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;

export type PartName = (typeof partNames)[number];

/** Path of each program. */
export type Parts = Readonly<Record<PartName, string>>;

export class PartsMissingError extends Error {
  override readonly name = 'PartsMissingError';
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(
      `the control plane’s programs are missing: ${missing.join(', ')}; set ORRERY_PARTS to the folder whose bin/ has them, put them on the PATH, or ` +
        'build them with Go: npm run control-plane:build',
    );
    this.missing = missing;
  }
}

/** Where a program is; undefined when no folder has it. */
export function findProgram(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  if (environment.ORRERY_PARTS) folders.unshift(join(environment.ORRERY_PARTS, 'bin'));
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** All programs of the control plane; throws PartsMissingError. */
export function findParts(environment: NodeJS.ProcessEnv = process.env): Parts {
  const found = partNames.map((name) => [name, findProgram(name, environment)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) throw new PartsMissingError(missing);
  return Object.fromEntries(found) as Parts;
}

/** Why there is no control plane here; undefined when there is one. */
export function absence(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  try {
    findParts(environment);
    return undefined;
  } catch (error) {
    if (error instanceof PartsMissingError) return error.message;
    throw error;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
