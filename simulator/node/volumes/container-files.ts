/** The files as a container sees them: its volumes where it mounts them, everything else in a folder of its own. */
import type { Files } from '../../../world/files.ts';

export interface Mount {
  /** In the container. */
  readonly path: string;
  /** In the World's files; a file when one key of a volume is mounted. */
  readonly folder: string;
  readonly readOnly: boolean;
}

export class ReadOnlyFileSystemError extends Error {
  override readonly name = 'ReadOnlyFileSystemError';
  readonly path: string;

  constructor(path: string) {
    super(`${path}: Read-only file system`);
    this.path = path;
  }
}

/** `root` holds what lies under no mount. */
export function containerFiles(files: Files, root: string, mounts: readonly Mount[]): Files {
  // The longest path first: a mount may lie in another.
  const inOrder = [...mounts].sort((one, other) => other.path.length - one.path.length);
  const locate = (path: string) => {
    const plain = plainPath(path);
    const mount = inOrder.find((each) => plain === each.path || plain.startsWith(`${each.path}/`));
    if (mount) return { path: mount.folder + plain.slice(mount.path.length), readOnly: mount.readOnly };
    return { path: plain === '/' ? root : root + plain, readOnly: false };
  };
  const at = (path: string) => locate(path).path;
  const writable = (path: string) => {
    const place = locate(path);
    if (place.readOnly) throw new ReadOnlyFileSystemError(path);
    return place.path;
  };
  return {
    read: (path, start, end) => files.read(at(path), start, end),
    readStream: (path, ...range) => files.readStream(at(path), ...range),
    write: async (path, bytes) => files.write(writable(path), bytes),
    append: async (path) => files.append(writable(path)),
    async status(path) {
      const isFolder = folders.has(plainPath(path));
      return (await files.status(at(path))) ?? (isFolder ? { kind: 'folder', sizeBytes: 0, modifiedAt: 0 } : undefined);
    },
    async list(folder) {
      const inside = mounts.filter(({ path }) => parentOf(path) === plainPath(folder)).map(({ path }) => nameOf(path));
      return [...new Set([...(await files.list(at(folder))), ...inside])].sort();
    },
    makeFolder: async (path) => files.makeFolder(writable(path)),
    rename: async (from, to) => files.rename(writable(from), writable(to)),
    remove: async (path) => files.remove(writable(path)),
    sync: (path) => files.sync(at(path)),
    lock: async (path, holder) => files.lock(writable(path), holder),
  };
}

/** What every image has. */
const folders: ReadonlySet<string> = new Set(['/', '/tmp', '/var', '/etc', '/root', '/home', '/dev']);

/** Without `.`, `..`, doubled and closing slashes. */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
