/**
 * Which requests a policy or a binding speaks of: rules and selectors. Upstream: `validateMatchResources`,
 * `validateRule`.
 */

import type { FieldError } from '../errors.ts';
import type { MatchResources } from '../policies/kinds.ts';
import { pathSegment } from '../schema/names.ts';
import { duplicate, invalid, invalids, notSupported, oneOf, required } from './field.ts';
import { validateLabelSelector } from './labels.ts';

type Rule = NonNullable<MatchResources['resourceRules']>[number];

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];

export function validateMatchResources(constraints: MatchResources | undefined, path: string): FieldError[] {
  if (!constraints) return [];
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = constraints;
  return [
    ...oneOf(`${path}.matchPolicy`, matchPolicy, ['Equivalent', 'Exact']),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => validateRule(rule, `${path}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) => validateRule(rule, `${path}.excludeResourceRules[${index}]`)),
  ];
}

/** Nothing can be changed in what is deleted. */
export function validateMutatingOperations(constraints: MatchResources | undefined, path: string): FieldError[] {
  return (constraints?.resourceRules ?? [])
    .flatMap((rule) => rule.operations ?? [])
    .filter((operation) => !mutatingOperations.includes(operation))
    .map((operation) => notSupported(`${path}.resourceRules.operations`, operation, mutatingOperations));
}

function validateRule(rule: Rule, path: string): FieldError[] {
  const { resourceNames = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  return [
    ...validateNames(resourceNames, `${path}.resourceNames`),
    ...validateOperations(rule.operations ?? [], `${path}.operations`),
    ...(apiGroups.length === 0 ? [required(`${path}.apiGroups`)] : []),
    ...alone('*', apiGroups, `${path}.apiGroups`, 'API groups'),
    ...(apiVersions.length === 0 ? [required(`${path}.apiVersions`)] : []),
    ...alone('*', apiVersions, `${path}.apiVersions`, 'API versions'),
    ...apiVersions.flatMap((version, index) => (version === '' ? [required(`${path}.apiVersions[${index}]`)] : [])),
    ...validateResources(resources, `${path}.resources`),
    ...(scope === undefined || scopes.includes(scope) ? [] : [notSupported(`${path}.scope`, scope, scopes)]),
  ];
}

function validateNames(names: readonly string[], path: string): FieldError[] {
  return names.flatMap((name, index) => [
    ...invalids(`${path}[${index}]`, name, pathSegment(name)),
    ...(names.indexOf(name) < index ? [duplicate(`${path}[${index}]`, name)] : []),
  ]);
}

function validateOperations(given: readonly string[], path: string): FieldError[] {
  return [
    ...(given.length === 0 ? [required(path)] : []),
    ...alone('*', given, path, 'operations'),
    ...given.flatMap((operation, index) =>
      operations.includes(operation) ? [] : [notSupported(`${path}[${index}]`, operation, operations)],
    ),
  ];
}

/** What stands for everything stands alone. */
function alone(wildcard: string, values: readonly string[], path: string, what: string): FieldError[] {
  if (values.length < 2 || !values.includes(wildcard)) return [];
  return [invalid(path, values, `if '${wildcard}' is present, must not specify other ${what}`)];
}

function validateResources(resources: readonly string[], path: string): FieldError[] {
  const whole = resources.filter((each) => each !== '*' && !each.includes('/'));
  return [
    ...(resources.length === 0 ? [required(path)] : []),
    ...resources.flatMap((each, index) => validateResource(each, resources.slice(0, index), `${path}[${index}]`)),
    ...alone('*/*', resources, path, 'resources'),
    ...(resources.includes('*') && whole.length > 0
      ? [invalid(path, resources, "if '*' is present, must not specify other resources without subresources")]
      : []),
  ];
}

function validateResource(resource: string, before: readonly string[], path: string): FieldError[] {
  if (resource === '') return [required(path)];
  const slash = resource.indexOf('/');
  if (slash < 0) return [];
  const [plural, part] = [resource.slice(0, slash), resource.slice(slash + 1)];
  return [`${plural}/*`, `*/${part}`]
    .filter((wildcard) => before.includes(wildcard))
    .map((wildcard) => invalid(path, resource, `if '${wildcard}' is present, must not specify ${resource}`));
}
