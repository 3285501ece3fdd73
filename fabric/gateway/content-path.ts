/** Paths of managed content, built of decoded segments: what a client sent never becomes a path as it is. */
import { pathOfSegments } from '../http/index.ts';

/** Where managed content has the project's objects, or the one of that key. */
export function contentPath(project: string, key?: string): string {
  const segments = ['fabric', 'v4', 'projects', project, 'content', ...(key?.split('/') ?? [])];
  return pathOfSegments(segments);
}

/** Where it has the rows of a log. */
export function logRowsPath(project: string, folder: string): string {
  return pathOfSegments(['internal', 'logs', project, folder, 'rows']);
}
