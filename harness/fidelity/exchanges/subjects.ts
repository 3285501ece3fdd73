/** What the requests of a case are about: read from their paths. */
import { builtInResources } from '../../../simulator/apiserver/kinds/registry.ts';
import type { Case } from './exchange.ts';
import { fill } from './fill.ts';

const CORE = /^\/api\/v1\/(?:watch\/)?(?:namespaces\/[^/]+\/)?([a-z]+)/;
const GROUP = /^\/apis\/([^/]+)\/[^/]+\/(?:watch\/)?(?:namespaces\/[^/]+\/)?([a-z]+)/;
const NAMESPACE = /^\/api\/v1\/namespaces\/[^/]+\/(?:status|finalize)/;
/** Definitions in the catalogue make groups that end so. */
const CUSTOM = /\.example\.com$/;
const WHOLE_SERVER: readonly (readonly [RegExp, string])[] = [
  [/^\/openapi\//, '(OpenAPI)'],
  [/^\/version/, '(version)'],
  [/^\/api(?:\/[^/]+)?$|^\/apis(?:\/[^/]+){0,2}$/, '(discovery)'],
];

const served = new Set(builtInResources.map(({ group, plural }) => named(group, plural)));

/** `pods`, `jobs.batch`, `(custom resources)`, `(discovery)`; paths that nobody serves count for nothing. Sorted. */
export function subjectsOf(one: Case | undefined): string[] {
  if (!one) return [];
  const steps = one.steps.flatMap((step) => [step, ...(step.meanwhile ?? [])]);
  const variables = { ...one.variables, ns: one.namespace };
  const paths = steps.map(({ send }) => String(fill(send, variables)).split(/[ ?]/)[1] ?? '');
  return [...new Set(paths.map(subjectOf).filter((subject) => subject !== undefined))].sort();
}

function subjectOf(path: string): string | undefined {
  const whole = WHOLE_SERVER.find(([pattern]) => pattern.test(path))?.[1];
  if (whole) return whole;
  if (NAMESPACE.test(path)) return 'namespaces';
  const core = CORE.exec(path)?.[1];
  const [, group = '', plural = core ?? ''] = GROUP.exec(path) ?? [];
  if (CUSTOM.test(group)) return '(custom resources)';
  const name = named(group, plural);
  return served.has(name) ? name : undefined;
}

function named(group: string, plural: string): string {
  return group === '' ? plural : `${plural}.${group}`;
}
