/**
 * The node's folder of logs as the kubelet serves it under `/logs/`: pages that list the folders of containers, and
 * their files, rotated ones included, by ranges. (Upstream: kubelet/server InstallSystemLogHandler, a Go file server
 * over /var/log.) Only `/logs/pods/` is here.
 */
import type { HttpRequest, HttpResponse } from '../../world/network.ts';
import type { World } from '../../world/world.ts';
import type { LogStore } from './logs/log-store.ts';

export interface LogFilesOptions {
  readonly world: World;
  readonly logs: LogStore;
}

/** Answers `/logs/PATH`; `path` is what stands behind `/logs`, decoded and split. */
export async function serveLogFiles(
  { world, logs }: LogFilesOptions,
  path: readonly string[],
  request: HttpRequest,
  response: HttpResponse,
): Promise<void> {
  const [root, pod = '', container = '', file] = path;
  const uid = /^[^_]+_[^_]+_([^_/]+)$/.exec(pod)?.[1];
  if (root !== 'pods' || uid === undefined || file === undefined || path.length !== 4) return notFound(response);
  const folder = logs.folderOf(uid, container);
  const names = await world.files.list(folder);
  if (file !== '')
    return names.includes(file) ? serveFile(world, `${folder}/${file}`, request, response) : notFound(response);
  if (names.length === 0) return notFound(response);
  response.head(200, { 'content-type': 'text/html; charset=utf-8' });
  const links = names.map((name) => `<a href="${encodeURIComponent(name)}">${name}</a>\n`);
  response.end(
    `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`,
  );
}

async function serveFile(world: World, path: string, request: HttpRequest, response: HttpResponse): Promise<void> {
  const status = await world.files.status(path);
  if (status?.kind !== 'file') return notFound(response);
  const { sizeBytes } = status;
  const range = rangeOf(request.headers.range, sizeBytes);
  if (range && range.start >= sizeBytes && sizeBytes > 0) {
    response.head(416, { 'content-type': 'text/plain; charset=utf-8', 'content-range': `bytes */${sizeBytes}` });
    return response.end('invalid range: failed to overlap\n');
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes };
  const isPart = range !== undefined && sizeBytes > 0;
  const contentRange: Record<string, string> = isPart
    ? { 'content-range': `bytes ${start}-${end - 1}/${sizeBytes}` }
    : {};
  response.head(isPart ? 206 : 200, { 'content-type': 'application/octet-stream', ...contentRange });
  for await (const chunk of world.files.readStream(path, start, end)) {
    if (request.signal.aborted) break;
    if (!response.write(chunk)) await response.drained();
  }
  response.end();
}

/**
 * `bytes=START-END` or `bytes=START-`; undefined for none, and for the forms that nobody here sends, which get the
 * whole file.
 */
function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, start, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (start === undefined) return undefined;
  return { start: Number(start), end: last ? Math.min(Number(last) + 1, sizeBytes) : sizeBytes };
}

function notFound(response: HttpResponse): void {
  response.head(404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end('404 page not found\n');
}
