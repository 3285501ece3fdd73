/** What a caller may do: all for `system:masters`, else what roles grant. Source: semantics 1.20, 1.15. */
import type { Backend } from '../backend.ts';
import { ApiError } from '../errors.ts';
import { type ApiObject, listAt, textAt } from '../json.ts';
import type { Caller } from './caller.ts';

/** One question to the authorizer. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  /** Plural, with `/sub` for a subresource; undefined for paths that are no resource. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
}

const rbac = 'rbac.authorization.k8s.io';
const publicPaths = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
/** Every authenticated caller may discover and ask about itself (system:discovery, system:basic-user). */
const discoveryPaths = /^\/(api|apis|openapi)(\/|$)/;
const selfReviews = ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'];

/** True when the caller may. */
export function isAllowed(backend: Backend, caller: Caller, attributes: Attributes): boolean {
  if (caller.groups.includes('system:masters')) return true;
  if (isBasic(caller, attributes)) return true;
  const granted = (table: string, namespace: string) =>
    backend.store
      .table(`${table}.${rbac}`)
      .list(namespace)
      .some(({ object }) => binds(object, caller) && rulesOf(backend, object).some((rule) => grants(rule, attributes)));
  if (granted('clusterrolebindings', '')) return true;
  return attributes.namespace !== undefined && granted('rolebindings', attributes.namespace);
}

/** What SelfSubjectRulesReview tells: the rules that bind the caller, everywhere and in the namespace. */
export function rulesFor(backend: Backend, caller: Caller, namespace: string): readonly unknown[] {
  const bound = (table: string, place: string) =>
    backend.store
      .table(`${table}.${rbac}`)
      .list(place)
      .filter(({ object }) => binds(object, caller))
      .flatMap(({ object }) => rulesOf(backend, object));
  return [
    ...(caller.groups.includes('system:masters') ? everything : []),
    ...(caller.groups.includes('system:authenticated') ? basicRules : []),
    ...bound('clusterrolebindings', ''),
    ...bound('rolebindings', namespace),
  ];
}

const everything = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];
/** Those of system:basic-user, system:discovery and system:public-info-viewer. */
const basicRules = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  {
    verbs: ['get'],
    nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', ...publicPaths],
  },
  { verbs: ['get'], nonResourceURLs: publicPaths },
];

function isBasic(caller: Caller, { path, resource, verb }: Attributes): boolean {
  if (path !== undefined && publicPaths.includes(path)) return true;
  if (!caller.groups.includes('system:authenticated')) return false;
  if (path !== undefined) return verb === 'get' && discoveryPaths.test(path);
  return verb === 'create' && resource !== undefined && selfReviews.includes(resource);
}

function binds(binding: ApiObject, caller: Caller): boolean {
  return listAt(binding, 'subjects').some((subject) => {
    const name = textAt(subject, 'name');
    const kind = textAt(subject, 'kind');
    if (kind === 'User') return name === caller.user;
    if (kind === 'Group') return caller.groups.includes(name);
    const namespace = textAt(subject, 'namespace') || (binding.metadata.namespace ?? '');
    return kind === 'ServiceAccount' && caller.user === `system:serviceaccount:${namespace}:${name}`;
  });
}

function rulesOf(backend: Backend, binding: ApiObject): unknown[] {
  const name = textAt(binding.roleRef, 'name');
  const isCluster = textAt(binding.roleRef, 'kind') === 'ClusterRole';
  const table = backend.store.table(`${isCluster ? 'clusterroles' : 'roles'}.${rbac}`);
  const role = table.get(isCluster ? '' : (binding.metadata.namespace ?? ''), name)?.object;
  return listAt(role, 'rules');
}

function grants(rule: unknown, { verb, group, resource, name, path }: Attributes): boolean {
  const has = (list: string, value: string) => listAt(rule, list).some((each) => each === '*' || each === value);
  if (!has('verbs', verb)) return false;
  if (resource === undefined) {
    return listAt(rule, 'nonResourceURLs').some(
      (each) =>
        each === '*' || each === path || (String(each).endsWith('*') && path?.startsWith(String(each).slice(0, -1))),
    );
  }
  const [, part] = resource.split('/');
  const resourceFits = has('resources', resource) || (part !== undefined && has('resources', `*/${part}`));
  const names = listAt(rule, 'resourceNames');
  return has('apiGroups', group) && resourceFits && (names.length === 0 || names.includes(name));
}

/** 403 in the words of the real server. */
export function refusal(caller: Caller, attributes: Attributes): ApiError {
  const { verb, group, resource, namespace, name, path } = attributes;
  if (resource === undefined) {
    return new ApiError(403, 'Forbidden', `forbidden: User "${caller.user}" cannot ${verb} path "${path}"`, {});
  }
  const [plural = ''] = resource.split('/');
  const qualified = group === '' ? plural : `${plural}.${group}`;
  const what = name ? `${qualified} "${name}"` : qualified;
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope';
  return new ApiError(
    403,
    'Forbidden',
    `${what} is forbidden: User "${caller.user}" cannot ${verb} resource "${resource}" in API group "${group}"${where}`,
    { ...(name ? { name } : {}), ...(group === '' ? {} : { group }), kind: plural },
  );
}
