/**
 * The files in which a node keeps one container's log, as its kubelet names them: `3.log` is written to now,
 * `3.log.20260101-000010` was put aside then, `.gz` is compressed. The number counts the instances of the container.
 * (Upstream: kubelet/logs/container_log_manager.go.)
 */

export interface NodeLogFile {
  readonly name: string;
  /** What stays its own when it is compressed. The file that is written to has the instance's. */
  readonly base: string;
  readonly isPresent: boolean;
  readonly isCompressed: boolean;
}

/**
 * The files of the newest instance in the page with which a kubelet lists their folder: the oldest first, the present
 * one last.
 */
export function filesIn(page: string): NodeLogFile[] {
  const found = [...page.matchAll(/href="([^"]+)"/g)].flatMap(([, link = '']) => fileNamed(decoded(link)));
  const newest = Math.max(...found.map(({ instance }) => instance));
  const files = found.filter(({ instance }) => instance === newest);
  const isPlainThere = new Set(files.filter(({ isCompressed }) => !isCompressed).map(({ base }) => base));
  return files
    .filter((file) => !file.isCompressed || !isPlainThere.has(file.base))
    .sort((left, right) => compareStamps(left.stamp, right.stamp));
}

interface Found extends NodeLogFile {
  readonly instance: number;
  /** Numbers in the name, the most significant first; empty for the present file. */
  readonly stamp: readonly number[];
}

function fileNamed(name: string): Found[] {
  const parts = /^((\d+)\.log(?:\.(\d{8}-\d{6}(?:-\d+)?))?)(\.gz)?$/.exec(name);
  if (!parts) return [];
  const [, base = '', instance, stamp, compressed] = parts;
  if (stamp === undefined && compressed !== undefined) return [];
  return [
    {
      name,
      base,
      isPresent: stamp === undefined,
      isCompressed: compressed !== undefined,
      instance: Number(instance),
      stamp: stamp?.split('-').map(Number) ?? [],
    },
  ];
}

function compareStamps(left: readonly number[], right: readonly number[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
