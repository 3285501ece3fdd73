/**
 * The ground of an image without a base image: a program of this machine, the libraries that it is linked with and the
 * loader, each under the path at which the loader looks for it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NODE } from './contents.ts';
import type { TarEntry } from './tar.ts';

export class NoSharedLibrariesError extends Error {
  override readonly name = 'NoSharedLibrariesError';

  constructor(program: string, why: string) {
    super(
      `cannot tell which libraries ${program} is linked with: ${why}; on Linux with glibc ldd says it, elsewhere build the images with deploy/Dockerfile`,
    );
  }
}

/** Looked up by name as the C library goes: without them older ones know no host names. */
const LOADED_LATER = ['libnss_dns.so.2', 'libnss_files.so.2', 'libresolv.so.2'];

/** The ground of our own images: the running Node.js. */
export function baseEntries(): TarEntry[] {
  return programEntries(NODE, process.execPath);
}

/** Folders and files, in order, of a ground with the program at `path`. */
export function programEntries(path: string, program: string): TarEntry[] {
  const libraries = librariesOf(program);
  const later = [...new Set(libraries.map((path) => dirname(path)))]
    .flatMap((folder) => LOADED_LATER.map((name) => join(folder, name)))
    .filter((library) => existsSync(library) && !libraries.includes(library));
  const files: TarEntry[] = [
    fileEntry(path, program),
    ...[...libraries, ...later].sort().map((library) => fileEntry(library, library)),
    { kind: 'file', path: 'etc/passwd', mode: 0o644, source: Buffer.from('nonroot:x:65532:65532::/:/sbin/nologin\n') },
    { kind: 'file', path: 'etc/group', mode: 0o644, source: Buffer.from('nonroot:x:65532:\n') },
    { kind: 'file', path: 'etc/nsswitch.conf', mode: 0o644, source: Buffer.from('hosts: files dns\n') },
  ];
  return [...foldersOf(files), { kind: 'folder', path: 'tmp', mode: 0o1777 }, ...files];
}

/** Absolute paths as `ldd` tells them: `NAME => PATH (0x…)`, and the loader by its path alone. */
export function libraryPaths(output: string): string[] {
  return [...output.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []).sort();
}

/** None of a program that is linked statically, as those in Go are. */
function librariesOf(program: string): string[] {
  const environment = { PATH: process.env.PATH, LC_ALL: 'C' };
  const { status, stdout, stderr, error } = spawnSync('ldd', [program], { encoding: 'utf8', env: environment });
  if (isStatic(`${stdout}${stderr}`)) return [];
  if (status !== 0) throw new NoSharedLibrariesError(program, error?.message ?? `ldd ended with ${status}`);
  const paths = libraryPaths(stdout);
  if (paths.length === 0) throw new NoSharedLibrariesError(program, 'ldd names none');
  return paths;
}

/** What ldd says of a program without libraries, with and without a loader. */
export function isStatic(output: string): boolean {
  return /not a dynamic executable|statically linked/.test(output);
}

function fileEntry(path: string, source: string): TarEntry {
  const file = realpathSync(source);
  return { kind: 'file', path: path.slice(1), mode: 0o755, source: { file, bytes: statSync(file).size } };
}

/** Each folder above the files, the upper first. */
export function foldersOf(entries: readonly { readonly path: string }[]): TarEntry[] {
  const folders = new Set<string>();
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return [...folders].sort().map((path) => ({ kind: 'folder', path, mode: 0o755 }));
}
