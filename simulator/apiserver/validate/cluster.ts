/** Small kinds of the cluster: Namespace, Node, ServiceAccount, Lease. */
import type { V1Lease, V1ServiceAccount } from '@kubernetes/client-node';
import type { Namespace, Node, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { addressBlock, dnsLabel, dnsSubdomain } from '../schema/names.ts';
import { duplicate, forbidden, goStructure, invalid, invalids, notSupported } from './field.ts';
import {
  validateFinalizerName,
  validateFinalizerQualified,
  validateMetadata,
  validateMetadataUpdate,
} from './metadata.ts';
import { canonicalQuantity, isFractional, parseQuantity } from './quantity.ts';
import { validateTaints } from './scheduling.ts';

type Lease = Wire<V1Lease>;

export function validateNamespaceObject(namespace: Namespace): FieldError[] {
  return [
    ...validateMetadata(namespace, { namespaced: false, name: dnsLabel, qualifiedFinalizers: true }),
    ...(namespace.spec?.finalizers ?? []).flatMap((name) => validateSpecFinalizer(name, 'spec.finalizers')),
  ];
}

function validateSpecFinalizer(name: string, path: string): FieldError[] {
  return [...validateFinalizerName(name, path), ...validateFinalizerQualified(name, path)];
}

/** `subresource`: the phase is only looked at on `status`, the spec's finalizers only on `finalize`. */
export function validateNamespaceUpdate(namespace: Namespace, old: Namespace, subresource?: string): FieldError[] {
  const errors = validateMetadataUpdate(namespace, old);
  if (subresource === 'status') return [...errors, ...validatePhase(namespace)];
  if (subresource !== 'finalize') return errors;
  const finalizers = namespace.spec?.finalizers ?? [];
  return [...errors, ...finalizers.flatMap((name, index) => validateSpecFinalizer(name, `spec.finalizers[${index}]`))];
}

function validatePhase(namespace: Namespace): FieldError[] {
  const deleting = namespace.metadata?.deletionTimestamp !== undefined;
  const expected = deleting ? 'Terminating' : 'Active';
  const phase = namespace.status?.phase ?? '';
  if (phase === expected) return [];
  const when = deleting ? 'is not empty' : 'is empty';
  return [invalid('status.Phase', phase, `may only be '${expected}' if \`deletionTimestamp\` ${when}`)];
}

export function validateNode(node: Node): FieldError[] {
  return [
    ...validateMetadata(node, { namespaced: false, name: dnsSubdomain, qualifiedFinalizers: true }),
    ...validateTaints(node.spec?.taints ?? [], 'metadata.taints'),
    ...validateNodeResources(node),
    ...validatePodCidrs(node),
  ];
}

function validatePodCidrs(node: Node): FieldError[] {
  return (node.spec?.podCIDRs ?? []).flatMap((text, index) =>
    invalids(`spec.podCIDRs[${index}]`, text, addressBlock(text)),
  );
}

function validateNodeResources(node: Node): FieldError[] {
  return (['capacity', 'allocatable'] as const).flatMap((member) =>
    Object.entries(node.status?.[member] ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, text]) => validateNodeAmount(name, String(text), `status.${member}.${name}`)),
  );
}

function validateNodeAmount(name: string, text: string, path: string): FieldError[] {
  const quantity = parseQuantity(text);
  if (!quantity) return [];
  const shown = canonicalQuantity(quantity);
  const countable = name === 'pods' || (name.includes('/') && !name.includes('kubernetes.io/'));
  return [
    ...(quantity.nanos < 0n ? [invalid(path, shown, 'must be greater than or equal to 0')] : []),
    ...(countable && isFractional(quantity) ? [invalid(path, shown, 'must be an integer')] : []),
  ];
}

export function validateNodeUpdate(node: Node, old: Node): FieldError[] {
  const errors = [...validateMetadataUpdate(node, old), ...validateNodeResources(node), ...validatePodCidrs(node)];
  const seen = new Set<string>();
  for (const [index, address] of (node.status?.addresses ?? []).entries()) {
    const key = `${address.type} ${address.address}`;
    if (seen.has(key)) {
      errors.push(duplicate(`status.addresses[${index}]`, goStructure(address, ['type', 'address'])));
    }
    seen.add(key);
  }
  const before = old.spec ?? {};
  const podCidrs = before.podCIDRs ?? [];
  if (podCidrs.length > 0 && podCidrs.join() !== (node.spec?.podCIDRs ?? []).join()) {
    errors.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  if (before.providerID && before.providerID !== node.spec?.providerID) {
    errors.push(forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'));
  }
  return [...errors, ...validateTaints(node.spec?.taints ?? [], 'metadata.taints')];
}

export function validateServiceAccount(account: Wire<V1ServiceAccount>): FieldError[] {
  return validateMetadata(account, { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true });
}

export function validateLease(lease: Lease): FieldError[] {
  return [...validateMetadata(lease, { namespaced: true, name: dnsSubdomain }), ...validateLeaseSpec(lease)];
}

export function validateLeaseUpdate(lease: Lease, old: Lease): FieldError[] {
  return [...validateMetadataUpdate(lease, old, false), ...validateLeaseSpec(lease)];
}

function validateLeaseSpec(lease: Lease): FieldError[] {
  const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = lease.spec ?? {};
  const errors: FieldError[] = [];
  if (duration !== undefined && duration <= 0) {
    errors.push(invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0'));
  }
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
  }
  if (strategy !== undefined && strategy !== 'OldestEmulationVersion') {
    errors.push(notSupported('spec.strategy', strategy, ['OldestEmulationVersion']));
  }
  if (preferredHolder && !strategy) {
    errors.push(forbidden('spec.preferredHolder', 'may only be specified if `strategy` is defined'));
  }
  return errors;
}
