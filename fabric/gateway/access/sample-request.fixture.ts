/** A request to a route: its path with a sample in each place. */
import type { Route } from '../routes/route.ts';

/** Rests of paths that come behind a star. */
const rests: readonly (readonly [RegExp, string])[] = [
  [/\/skillinvoke\/$/, 'team/s/inputs/request'],
  [/./, 'sample/rest'],
];

export function samplePath({ path }: Pick<Route, 'path'>, project = 'p1'): string {
  const named = path.replace(/:(\w+)(\{[^}]*\})?/g, (_, name: string) =>
    name === 'project' ? project : `sample-${name}`,
  );
  return named.replace(/\*$/, () => rests.find(([begin]) => begin.test(named.slice(0, -1)))?.[1] ?? '');
}
