/** Defaults of kinds that have one or two: claims, endpoints, limit ranges, priority classes. */
import type { V1Endpoints, V1LimitRange, V1PersistentVolumeClaim, V1PriorityClass } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import { canonicalAmounts } from './pod.ts';

type Claim = Wire<V1PersistentVolumeClaim>;

export function defaultClaim(claim: Claim): Claim {
  return { ...claim, spec: { ...claim.spec, volumeMode: claim.spec?.volumeMode ?? 'Filesystem' } };
}

type Endpoints = Wire<V1Endpoints>;

export function defaultEndpoints(endpoints: Endpoints): Endpoints {
  if (!endpoints.subsets) return endpoints;
  const subsets = endpoints.subsets.map((subset) =>
    subset.ports
      ? { ...subset, ports: subset.ports.map((port) => ({ ...port, protocol: port.protocol || 'TCP' })) }
      : subset,
  );
  return { ...endpoints, subsets };
}

type LimitRange = Wire<V1LimitRange>;
type Amounts = Readonly<Record<string, string>>;

/** For containers: the maximum is the default limit, and this, or else the minimum, the default request. */
export function defaultLimitRange(range: LimitRange): LimitRange {
  if (!range.spec?.limits) return range;
  const limits = range.spec.limits.map((item) => {
    if (item.type !== 'Container') return item;
    const { max, min } = item;
    const limit: Amounts = { ...max, ...(item as { default?: Amounts }).default };
    const request: Amounts = { ...min, ...limit, ...item.defaultRequest };
    return {
      ...item,
      ...(Object.keys(limit).length > 0 ? { default: canonicalAmounts(limit) } : {}),
      ...(Object.keys(request).length > 0 ? { defaultRequest: canonicalAmounts(request) } : {}),
    };
  });
  return { ...range, spec: { ...range.spec, limits } } as LimitRange;
}

type PriorityClass = Wire<V1PriorityClass>;

export function defaultPriorityClass(one: PriorityClass): PriorityClass {
  return { ...one, preemptionPolicy: one.preemptionPolicy ?? 'PreemptLowerPriority' };
}
