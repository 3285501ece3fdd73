/** The operations of a resource in an OpenAPI document. kubectl reads their kinds and the parameters of PATCH. */
import { apiVersionOf, resourcePath } from '../../kubernetes/resources.ts';
import type { Resource, Verb } from './resource.ts';

const query = (name: string, type = 'string') => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const listParameters = ['continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch'].map(
  (name) => query(name),
);
const pathParameter = (name: string) => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

const patchTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** Paths with their operations; `component` names the schema of the kind. */
export function resourcePaths(resource: Resource, component: string): Record<string, object> {
  const namespace = resource.namespaced ? '{namespace}' : undefined;
  const collection = decodeURIComponent(resourcePath(resource, namespace));
  const scope = resource.namespaced ? [pathParameter('namespace')] : [];
  const paths: Record<string, object> = {};
  const operation = (verb: Verb, extra: object) => operationOf(resource, component, verb, extra);
  const has = (verb: Verb) => resource.verbs.includes(verb);
  const choose = (operations: Record<string, object | false>) =>
    Object.fromEntries(Object.entries(operations).filter(([, value]) => value !== false));
  paths[collection] = {
    ...choose({
      get:
        has('list') &&
        operation('list', { parameters: [...listParameters, query('limit', 'integer'), query('watch', 'boolean')] }),
      post: has('create') && operation('create', { parameters: writeParameters }),
      delete: has('deletecollection') && operation('deletecollection', {}),
    }),
    parameters: scope,
  };
  const single = choose({
    get: has('get') && operation('get', {}),
    put: has('update') && operation('update', { parameters: writeParameters }),
    patch: has('patch') && operation('patch', { parameters: [...writeParameters, query('force', 'boolean')] }),
    delete: has('delete') && operation('delete', { parameters: [query('gracePeriodSeconds', 'integer')] }),
  });
  if (Object.keys(single).length > 0) {
    paths[`${collection}/{name}`] = { ...single, parameters: [pathParameter('name'), ...scope] };
  }
  return paths;
}

function operationOf(resource: Resource, component: string, verb: Verb, extra: object): object {
  const { group, version, kind } = resource;
  const schema = { $ref: `#/components/schemas/${component}` };
  const media =
    verb === 'patch'
      ? patchTypes.filter((type) => !resource.custom || !type.includes('strategic'))
      : ['application/json'];
  const sends = verb === 'create' || verb === 'update' || verb === 'patch';
  const content = Object.fromEntries(
    media.map((type) => [type, { schema: verb === 'patch' ? { type: 'object' } : schema }]),
  );
  return {
    tags: [apiVersionOf(resource)],
    operationId: `${verb}_${apiVersionOf(resource)}_${resource.plural}`,
    ...extra,
    ...(sends ? { requestBody: { content, required: true } } : {}),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
    'x-kubernetes-action': verb === 'update' ? 'put' : verb === 'create' ? 'post' : verb,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}
