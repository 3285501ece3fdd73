/**
 * A stand-in for the base image that deploy/Dockerfile names, for where it cannot be pulled: this machine's Node.js and
 * npm, a shell and the few programs that the Dockerfile's instructions start. For judging the Dockerfile only.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProgram } from '../../harness/environments/controlplane/parts.ts';
import { foldersOf, programEntries } from './base.ts';
import { NODE } from './contents.ts';
import { type Image, imageOf, layerOf } from './image.ts';
import type { TarEntry } from './tar.ts';

const PROGRAMS = { sh: '/bin/sh', mkdir: '/bin/mkdir', env: '/usr/bin/env' } as const;
/** Of the C library; Node.js needs them not, but what npm installs does. */
const LIBRARIES = /\/libc\.so\.6$/;
const NEIGHBOURS = ['librt.so.1', 'libutil.so.1', 'libanl.so.1'];
/** Short, since a tar header holds no long paths. */
const NPM = 'npm';

/** Undefined when npm or one of the programs is not here. */
export async function standInImage(reference: string): Promise<Image | undefined> {
  const npm = findProgram('npm');
  const programs = Object.entries(PROGRAMS).map(([name, path]) => [path, findProgram(name)] as const);
  if (npm === undefined || programs.some(([, source]) => source === undefined)) return undefined;
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  const ground = programEntries(NODE, process.execPath);
  const entries = [
    ...ground,
    ...neighbours(ground),
    ...programs.flatMap(([path, source = '']) => programEntries(path, source)),
    ...filesBelow(dirname(dirname(realpathSync(npm))), NPM),
    fileEntry('usr/local/bin/npm', Buffer.from(`#!/bin/sh\nexec node /${NPM}/bin/npm-cli.js "$@"\n`)),
    ...(authorities === undefined ? [] : [fileEntry(authorities.slice(1), readFileSync(authorities))]),
  ];
  const environment = ['PATH=/usr/local/bin:/usr/bin:/bin', 'HOME=/tmp'];
  if (authorities !== undefined) environment.push(`NODE_EXTRA_CA_CERTS=${authorities}`);
  const settings = { user: '', environment, entrypoint: [] };
  return imageOf(reference, settings, [await layerOf(once(entries))]);
}

function neighbours(ground: readonly TarEntry[]): TarEntry[] {
  const folders = ground.flatMap(({ path }) => (LIBRARIES.test(path) ? [`/${dirname(path)}`] : []));
  const paths = folders.flatMap((folder) => NEIGHBOURS.map((name) => join(folder, name)));
  return paths.filter((path) => existsSync(path)).map((path) => fileEntry(path.slice(1), readFileSync(path)));
}

function filesBelow(folder: string, path: string): TarEntry[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => {
    const source = join(entry.parentPath, entry.name);
    const file = { file: source, bytes: statSync(source).size };
    return { kind: 'file', path: join(path, source.slice(folder.length + 1)), mode: 0o755, source: file };
  });
}

function fileEntry(path: string, source: Buffer): TarEntry {
  return { kind: 'file', path, mode: 0o755, source };
}

/** Each path once, its folders before it. */
function once(entries: readonly TarEntry[]): TarEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const folder of foldersOf(entries)) if (!byPath.has(folder.path)) byPath.set(folder.path, folder);
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}
