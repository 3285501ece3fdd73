/**
 * Kubernetes quantities (`500m`, `4Gi`, `1e3`) and the rules for a container's resources, as far as an API server would
 * refuse a pod template for them.
 */
import { memberPath } from './check-schema.ts';
import type { TaskIssue } from './errors.ts';
import type { Resources } from './task.ts';

const suffixes: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity as a number, or undefined if it is none. Signs are refused: resources are never negative. */
export function parseQuantity(quantity: string | number): number | undefined {
  const match = /^([0-9]{1,18}(?:\.[0-9]{0,9})?)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?$/.exec(
    `${quantity}`,
  );
  if (!match) return undefined;
  const scale = match[3] === undefined ? suffixes[match[2] ?? ''] : 10 ** Number(match[3]);
  return scale === undefined ? undefined : Number(match[1]) * scale;
}

/** Quantities as texts, as Kubernetes has them; undefined when there are none. */
export function quantityTexts(resources: Resources | undefined): ResourceTexts | undefined {
  const texts = (list: Record<string, string | number> | undefined) =>
    list && Object.fromEntries(Object.entries(list).map(([name, quantity]) => [name, `${quantity}`]));
  const requests = texts(resources?.requests);
  const limits = texts(resources?.limits);
  if (!requests && !limits) return undefined;
  return { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) };
}

interface ResourceTexts {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

const standardNames: readonly string[] = ['cpu', 'memory', 'ephemeral-storage'];

/** An extended resource, `example.com/gpu`; the domain kubernetes.io belongs to Kubernetes. */
const isExtendedName = (name: string): boolean => {
  const match = /^([a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?)\/([A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)$/.exec(
    name,
  );
  const domain = match?.[1];
  if (domain === undefined || domain.startsWith('requests.')) return false;
  const isDomain = domain.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return isDomain && domain !== 'kubernetes.io' && !domain.endsWith('.kubernetes.io');
};

/** Faults of a container's resources whose types have been checked. */
export function resourceIssues(resources: Resources, path: string): TaskIssue[] {
  const requests = listIssues(resources.requests ?? {}, `${path}.requests`);
  const limits = listIssues(resources.limits ?? {}, `${path}.limits`);
  if (requests.length + limits.length > 0) return [...requests, ...limits];
  return Object.keys(resources.requests ?? {}).flatMap((name) => requestIssues(resources, name, `${path}.requests`));
}

function listIssues(list: Record<string, string | number>, path: string): TaskIssue[] {
  return Object.entries(list).flatMap(([name, quantity]) => {
    const issuePath = memberPath(path, name);
    const extended = isExtendedName(name);
    if (!extended && !standardNames.includes(name)) {
      const message = `${JSON.stringify(name)} is no resource: use ${standardNames.join(', ')} or a name such as example.com/gpu`;
      return [{ path: issuePath, message }];
    }
    const value = parseQuantity(quantity);
    if (value === undefined) {
      return [{ path: issuePath, message: `${JSON.stringify(quantity)} is no quantity: write 500m, 2, 4G or 512Mi` }];
    }
    if (extended && !Number.isInteger(value)) {
      return [{ path: issuePath, message: `${JSON.stringify(quantity)} must be a whole number` }];
    }
    return [];
  });
}

function requestIssues(resources: Resources, name: string, path: string): TaskIssue[] {
  const request = resources.requests?.[name];
  const limit = resources.limits?.[name];
  const requested = request === undefined ? undefined : parseQuantity(request);
  const limited = limit === undefined ? undefined : parseQuantity(limit);
  if (requested === undefined) return [];
  const issuePath = memberPath(path, name);
  if (isExtendedName(name) && requested !== limited) {
    return [{ path: issuePath, message: `must equal the limit of ${name}, which cannot be shared` }];
  }
  if (limited !== undefined && requested > limited) {
    return [{ path: issuePath, message: `${request} is more than the limit of ${limit}` }];
  }
  return [];
}
