/** Roles and bindings of both scopes. */
import type {
  RbacV1Subject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1PolicyRule,
  V1Role,
  V1RoleBinding,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain, pathSegment } from '../schema/names.ts';
import { semanticallyEqual } from './equal.ts';
import { invalid, invalids, notSupported, required } from './field.ts';
import { validateLabelSelector } from './labels.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

type AnyRole = Wire<V1Role> | Wire<V1ClusterRole>;
type AnyBinding = Wire<V1RoleBinding> | Wire<V1ClusterRoleBinding>;

const group = 'rbac.authorization.k8s.io';

export function validateRole(role: AnyRole, namespaced: boolean): FieldError[] {
  return [
    ...validateMetadata(role, { namespaced, name: pathSegment, qualifiedFinalizers: true }),
    ...(role.rules ?? []).flatMap((rule, index) => validateRule(rule, namespaced, `rules[${index}]`)),
    ...('aggregationRule' in role && role.aggregationRule ? validateAggregation(role) : []),
  ];
}

function validateAggregation(role: Wire<V1ClusterRole>): FieldError[] {
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = role.aggregationRule?.clusterRoleSelectors ?? [];
  if (selectors.length === 0) {
    return [required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  }
  return selectors.flatMap((selector, index) => validateLabelSelector(selector, `${path}[${index}]`));
}

function validateRule(rule: Wire<V1PolicyRule>, namespaced: boolean, path: string): FieldError[] {
  const { verbs = [], nonResourceURLs: urls = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const errors = verbs.length === 0 ? [required(`${path}.verbs`, 'verbs must contain at least one value')] : [];
  const at = `${path}.nonResourceURLs`;
  if (urls.length > 0) {
    if (namespaced) errors.push(invalid(at, urls, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length + resources.length + resourceNames.length > 0) {
      errors.push(invalid(at, urls, 'rules cannot apply to both regular resources and non-resource URLs'));
    }
    return errors;
  }
  if (apiGroups.length === 0) {
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  }
  if (resources.length === 0) {
    errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  }
  return errors;
}

export function validateRoleUpdate(role: AnyRole, old: AnyRole, namespaced: boolean): FieldError[] {
  return [...validateRole(role, namespaced), ...validateMetadataUpdate(role, old)];
}

export function validateRoleBinding(binding: AnyBinding, namespaced: boolean): FieldError[] {
  const { apiGroup = '', kind = '', name = '' } = binding.roleRef ?? {};
  const kinds = namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  return [
    ...validateMetadata(binding, { namespaced, name: pathSegment, qualifiedFinalizers: true }),
    ...(apiGroup === group ? [] : [notSupported('roleRef.apiGroup', apiGroup, [group])]),
    ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [required('roleRef.name')] : invalids('roleRef.name', name, pathSegment(name))),
    ...(binding.subjects ?? []).flatMap((subject, index) => validateSubject(subject, namespaced, `subjects[${index}]`)),
  ];
}

function validateSubject(subject: Wire<RbacV1Subject>, namespaced: boolean, path: string): FieldError[] {
  const { kind = '', name = '', apiGroup = '', namespace = '' } = subject;
  const errors = name === '' ? [required(`${path}.name`)] : [];
  const kinds = ['ServiceAccount', 'User', 'Group'];
  if (kind === 'ServiceAccount') {
    if (name !== '') errors.push(...invalids(`${path}.name`, name, dnsSubdomain(name)));
    if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
    if (!namespaced && namespace === '') errors.push(required(`${path}.namespace`));
  } else if (!kinds.includes(kind)) {
    errors.push(notSupported(`${path}.kind`, kind, kinds));
  } else if (apiGroup !== group) {
    errors.push(notSupported(`${path}.apiGroup`, apiGroup, [group]));
  }
  return errors;
}

export function validateRoleBindingUpdate(binding: AnyBinding, old: AnyBinding, namespaced: boolean): FieldError[] {
  return [
    ...validateRoleBinding(binding, namespaced),
    ...validateMetadataUpdate(binding, old),
    ...(semanticallyEqual(binding.roleRef, old.roleRef)
      ? []
      : [invalid('roleRef', goRoleRef(binding), 'cannot change roleRef')]),
  ];
}

/** The server prints its own structure, whose members begin with a capital. */
function goRoleRef(binding: AnyBinding): object {
  const { apiGroup, kind, name } = binding.roleRef;
  return { APIGroup: apiGroup, Kind: kind, Name: name };
}
