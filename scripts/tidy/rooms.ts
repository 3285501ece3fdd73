/** The rooms of the simulated API server: arrows between them point one way. Its root holds what all of them share. */
import { importsOf } from './imports.ts';
import { type Finding, isTest, type Source } from './source.ts';

const HOUSE = 'simulator/apiserver/';

/** A room may import those that stand behind it, and the root. */
const ROOMS: readonly string[] = [
  'http',
  'discovery',
  'openapi',
  'definitions',
  'operations',
  'watch',
  'faults',
  'tables',
  'admission',
  'auth',
  'kinds',
  'services',
  'defaults',
  'validate',
  'policies',
  'storage',
  'selectors',
  'patch',
  'protobuf',
  'schema',
];

export function rooms(source: Source): Finding[] {
  const room = roomOf(source.path);
  if (room === undefined || isTest(source.path)) return [];
  const place = ROOMS.indexOf(room);
  if (place === -1)
    return [{ path: source.path, line: 1, message: `${room}/ is no room of ${HOUSE}: say where it stands` }];
  return importsOf(source).flatMap(({ target, line }) => {
    const other = roomOf(target);
    if (other === undefined || other === room || ROOMS.indexOf(other) > place) return [];
    return [
      { path: source.path, line, message: `${room}/ must not import ${other}/ (${target}): arrows point one way` },
    ];
  });
}

/** undefined for the root, and for what is not in the house. */
function roomOf(path: string): string | undefined {
  const [room, ...inside] = path.startsWith(HOUSE) ? path.slice(HOUSE.length).split('/') : [];
  return inside.length > 0 ? room : undefined;
}
