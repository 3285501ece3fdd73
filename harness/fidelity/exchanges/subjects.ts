/** Which resources the requests of a case are about: read from their paths. */
import type { Case } from './exchange.ts';
import { fill } from './fill.ts';

const CORE = /^\/api\/v1\/(?:watch\/)?(?:namespaces\/[^/]+\/)?([a-z]+)/;
const GROUP = /^\/apis\/([^/]+)\/[^/]+\/(?:watch\/)?(?:namespaces\/[^/]+\/)?([a-z]+)/;

/** `pods`, `jobs.batch`; paths of no resource (`/version`) count for none. Sorted. */
export function subjectsOf(one: Case | undefined): string[] {
  if (!one) return [];
  const steps = one.steps.flatMap((step) => [step, ...(step.meanwhile ?? [])]);
  const paths = steps.map(
    ({ send }) => String(fill(send, { ...one.variables, ns: one.namespace })).split(/[ ?]/)[1] ?? '',
  );
  return [...new Set(paths.map(resourceOf).filter((resource) => resource !== undefined))].sort();
}

function resourceOf(path: string): string | undefined {
  const core = CORE.exec(path)?.[1];
  if (core) return core;
  const [, group, resource] = GROUP.exec(path) ?? [];
  return group && resource ? `${resource}.${group}` : undefined;
}
