/**
 * What a node changes outside its container, noted before the first cluster comes up, so that the last one to go can
 * put it back: three sysctls that the kubelet sets for the whole machine, and the Docker network that kind makes and
 * never removes.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../harness/environments/kind/state.ts';

const sysctls = ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'];

export interface HostNotes {
  /** Values by path below /proc/sys; empty where the daemon's machine is another one. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly networkWasThere: boolean;
}

function file(): string {
  return join(stateFolder(), 'host.json');
}

/** Notes, unless that was done before. */
export function note(networkWasThere: boolean): void {
  if (existsSync(file())) return;
  const values = sysctls.flatMap((path) => {
    const source = `/proc/sys/${path}`;
    return existsSync(source) ? [[path, readFileSync(source, 'utf8').trim()]] : [];
  });
  const notes: HostNotes = { sysctls: Object.fromEntries(values), networkWasThere };
  mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
  writeFileSync(file(), JSON.stringify(notes, null, 2));
}

export function readNotes(): HostNotes | undefined {
  return existsSync(file()) ? (JSON.parse(readFileSync(file(), 'utf8')) as HostNotes) : undefined;
}

/** Puts the sysctls back; resolves with those that it may not write, as `sysctl` takes them. */
export function restore({ sysctls: values }: HostNotes): string[] {
  const refused: string[] = [];
  for (const [path, value] of Object.entries(values)) {
    const target = `/proc/sys/${path}`;
    if (!existsSync(target) || readFileSync(target, 'utf8').trim() === value) continue;
    try {
      writeFileSync(target, value);
    } catch {
      refused.push(`${path.replaceAll('/', '.')}=${value}`);
    }
  }
  return refused;
}

export function forgetNotes(): void {
  rmSync(file(), { force: true });
}
