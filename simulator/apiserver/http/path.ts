/** The parts of a request's path. Source: semantics 1.1. */
export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  /** undefined: no namespace in the path. */
  readonly namespace: string | undefined;
  /** Empty for the discovery document of the group and version. */
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  /** `/api/v1/watch/...`, the old form of a watch. */
  readonly oldWatch: boolean;
}

/** Of `/api/v1/...` or `/apis/GROUP/VERSION/...`; undefined for any other path. */
export function parseResourcePath(path: string): ResourcePath | undefined {
  const parts = path.replace(/\/$/, '').split('/').map(decodePart);
  const isCore = parts[1] === 'api';
  if (!isCore && parts[1] !== 'apis') return undefined;
  const [group, version, ...rest] = isCore ? ['', ...parts.slice(2)] : parts.slice(2);
  if (group === undefined || version === undefined || version === '') return undefined;
  const oldWatch = rest[0] === 'watch';
  return { group, version, oldWatch, ...resourceParts(oldWatch ? rest.slice(1) : rest) };
}

/** `namespaces/N/RES/NAME/SUB`, but `namespaces/N/status` and `/finalize` are of the namespace itself. */
function resourceParts(parts: readonly string[]) {
  const scoped = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status' && parts[2] !== 'finalize';
  const [plural = '', name, ...rest] = scoped ? parts.slice(2) : parts;
  return {
    namespace: scoped ? parts[1] : undefined,
    plural,
    name: name === '' ? undefined : name,
    subresource: rest.length > 0 ? rest.join('/') : undefined,
  };
}

function decodePart(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
