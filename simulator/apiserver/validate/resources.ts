/** Requests and limits of a container. Amounts that are no quantities never come here: decoding refuses them. */

import type { V1ResourceRequirements } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { qualifiedName } from '../schema/names.ts';
import { invalid, invalids, notFound, required } from './field.ts';
import { canonicalQuantity, compareQuantities, isFractional, parseQuantity, type Quantity } from './quantity.ts';

type Amounts = Readonly<Record<string, string>>;

const zero: Quantity = { nanos: 0n, format: 'decimal' };
const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const standardResources = new Set([
  ...containerResources,
  ...['requests.cpu', 'requests.memory', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  ...['limits.ephemeral-storage', 'pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets'],
  ...['configmaps', 'persistentvolumeclaims', 'storage', 'requests.storage', 'services.nodeports'],
  ...['services.loadbalancers'],
]);

export function validateResources(
  resources: Wire<V1ResourceRequirements> | undefined,
  claimNames: ReadonlySet<string>,
  path: string,
): FieldError[] {
  if (!resources) return [];
  const limits = resources.limits ?? {};
  return [
    ...sorted(limits).flatMap(([name, text]) => validateAmount(name, text, `${path}.limits[${name}]`)),
    ...sorted(resources.requests ?? {}).flatMap(([name, text]) => [
      ...validateAmount(name, text, `${path}.requests[${name}]`),
      ...validateAgainstLimit(name, quantityOf(text), limits, path),
    ]),
    ...(resources.claims ?? []).flatMap((claim, index) =>
      validateClaim(claim.name, claimNames, `${path}.claims[${index}]`),
    ),
  ];
}

function sorted(amounts: Amounts): [string, string][] {
  return Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function quantityOf(text: string): Quantity {
  return parseQuantity(String(text)) ?? zero;
}

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Requests below the limit are allowed for what can be shared. */
function isOvercommittable(name: string): boolean {
  return !isHugePages(name) && (!name.includes('/') || name.includes('kubernetes.io/'));
}

function validateAmount(name: string, text: string, path: string): FieldError[] {
  const quantity = quantityOf(text);
  const errors = validateResourceName(name, path);
  if (quantity.nanos < 0n) {
    errors.push(invalid(path, canonicalQuantity(quantity), 'must be greater than or equal to 0'));
  }
  const wholeNumbers = name.includes('/') && !name.includes('kubernetes.io/');
  if (wholeNumbers && isFractional(quantity))
    errors.push(invalid(path, canonicalQuantity(quantity), 'must be an integer'));
  return errors;
}

function validateResourceName(name: string, path: string): FieldError[] {
  const reasons = invalids(path, name, qualifiedName(name));
  if (name.includes('/')) return reasons;
  if (reasons.length === 0 && !standardResources.has(name) && !isHugePages(name)) {
    reasons.push(invalid(path, name, 'must be a standard resource type or fully qualified'));
  }
  if (!containerResources.has(name) && !isHugePages(name)) {
    reasons.push(invalid(path, name, 'must be a standard resource for containers'));
  }
  return reasons;
}

function validateAgainstLimit(name: string, request: Quantity, limits: Amounts, path: string): FieldError[] {
  const text = ownMember(limits, name);
  if (text === undefined) {
    return isOvercommittable(name)
      ? []
      : [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const limit = quantityOf(text);
  const order = compareQuantities(request, limit);
  const words = `${name} limit of ${canonicalQuantity(limit)}`;
  if (order !== 0 && !isOvercommittable(name)) {
    return [invalid(`${path}.requests`, canonicalQuantity(request), `must be equal to ${words}`)];
  }
  return order > 0
    ? [invalid(`${path}.requests`, canonicalQuantity(request), `must be less than or equal to ${words}`)]
    : [];
}

function validateClaim(name: string, claimNames: ReadonlySet<string>, path: string): FieldError[] {
  if (!name) return [required(path)];
  if (claimNames.has(name)) return [];
  const names = claimNames.size === 0 ? ' which is empty' : `: ${[...claimNames].sort().join(', ')}`;
  return [notFound(path, name, `must be one of the names in pod.spec.resourceClaims${names}`)];
}
