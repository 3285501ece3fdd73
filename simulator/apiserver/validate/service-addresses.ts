/**
 * Addresses and families of a Service. Source: upstream ValidateServiceClusterIPsRelatedFields
 * (pkg/apis/core/validation).
 */
import { isIPv4, isIPv6 } from 'node:net';
import type { V1Service } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { ipAddress } from '../schema/names.ts';
import { duplicate, invalid, invalids, notSupported, oneOf } from './field.ts';

type Spec = Partial<NonNullable<Wire<V1Service>['spec']>>;

const families = ['IPv4', 'IPv6'];
const familyPolicies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const path = 'spec.clusterIPs';

export function validateAddresses(spec: Spec): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIP = '', clusterIPs = [], ipFamilyPolicy: policy } = spec;
  const form = clusterIPs.flatMap((address, index) => validateAddress(address, index, clusterIPs));
  const errors = [
    ...validateFamilies(spec.ipFamilies ?? []),
    ...(policy === undefined ? [] : oneOf('spec.ipFamilyPolicy', policy, familyPolicies)),
    ...(clusterIPs.length > 0 ? validateFirst(clusterIP, clusterIPs) : []),
    ...form,
    ...(clusterIPs.length > 2 ? [invalid(path, clusterIPs, 'may only hold up to 2 values')] : []),
  ];
  if (form.length > 0) return errors;
  const isMixed = clusterIPs.some(isIPv4) && clusterIPs.some((address) => isIPv6(address));
  if (clusterIPs.length > 1 && !isMixed) {
    errors.push(invalid(path, clusterIPs, 'may specify no more than one IP for each IP family'));
  }
  return [...errors, ...validateMatch(clusterIPs, spec.ipFamilies ?? [])];
}

function validateFamilies(given: readonly string[]): FieldError[] {
  return given.flatMap((family, index) => {
    const at = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) return [notSupported(at, family, families)];
    return given.indexOf(family) < index ? [duplicate(at, family)] : [];
  });
}

function validateFirst(clusterIP: string, clusterIPs: readonly string[]): FieldError[] {
  if (clusterIP === '') return [invalid(path, clusterIPs, 'must be empty when `clusterIP` is not specified')];
  return clusterIPs[0] === clusterIP ? [] : [invalid(path, clusterIPs, 'first value must match `clusterIP`')];
}

function validateAddress(address: string, index: number, all: readonly string[]): FieldError[] {
  if (address !== 'None') return invalids(`${path}[${index}]`, address, ipAddress(address));
  return all.length > 1 ? [invalid(path, all, "'None' must be the first and only value")] : [];
}

function validateMatch(addresses: readonly string[], given: readonly string[]): FieldError[] {
  return addresses.flatMap((address, index) => {
    const family = given[index];
    if (address === 'None' || family === undefined || isIPv6(address) === (family === 'IPv6')) return [];
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    return [invalid(`${path}[${index}]`, address, detail)];
  });
}
