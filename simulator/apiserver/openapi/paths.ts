/** The operations of a resource in an OpenAPI document. kubectl reads their kinds and the parameters of PATCH. */
import { apiVersionOf, resourcePath } from '../../../kubernetes/resources.ts';
import type { Resource, Subresource, Verb } from '../kinds/resource.ts';

const query = (name: string, type = 'string') => ({ name, in: 'query', schema: { type, uniqueItems: true } });
const writeParameters = [query('dryRun'), query('fieldManager'), query('fieldValidation')];
const listParameters = [
  query('allowWatchBookmarks', 'boolean'),
  ...['continue', 'fieldSelector', 'labelSelector', 'resourceVersion', 'resourceVersionMatch'].map((name) =>
    query(name),
  ),
  query('limit', 'integer'),
  query('sendInitialEvents', 'boolean'),
  query('timeoutSeconds', 'integer'),
  query('watch', 'boolean'),
];
const deleteParameters = [
  query('dryRun'),
  query('gracePeriodSeconds', 'integer'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy'),
];
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

/** Names of the schemas of a resource. */
export interface Components {
  readonly object: string;
  readonly list: string;
  /** Of a kind that a subresource answers with and that is not the object's. */
  readonly scale?: string;
}

/** Paths with their operations. */
export function resourcePaths(resource: Resource, components: Components): Record<string, object> {
  const namespace = resource.namespaced ? '{namespace}' : undefined;
  const collection = decodeURIComponent(resourcePath(resource, namespace));
  const scope = resource.namespaced ? [pathParameter('namespace')] : [];
  const operation = (verb: Verb, parameters: readonly object[]) =>
    resource.verbs.includes(verb)
      ? operationOf(resource, resource.kind, schemaOf(components, verb), verb, parameters)
      : undefined;
  const list = operation('list', listParameters);
  const paths: Record<string, object> = {
    [collection]: {
      ...given({
        get: list,
        post: operation('create', writeParameters),
        delete: operation('deletecollection', [...deleteParameters, ...listParameters]),
      }),
      parameters: scope,
    },
  };
  if (resource.namespaced && list) paths[decodeURIComponent(resourcePath(resource, undefined))] = { get: list };
  const single = given({
    get: operation('get', []),
    put: operation('update', writeParameters),
    patch: operation('patch', [...writeParameters, query('force', 'boolean')]),
    delete: operation('delete', deleteParameters),
  });
  const names = [pathParameter('name'), ...scope];
  if (Object.keys(single).length > 0) paths[`${collection}/{name}`] = { ...single, parameters: names };
  for (const subresource of resource.subresources) {
    const operations = operationsOf(resource, subresource, components);
    if (operations) paths[`${collection}/{name}/${subresource.name}`] = { ...operations, parameters: names };
  }
  return paths;
}

function given(operations: Readonly<Record<string, object | undefined>>): Record<string, object | undefined> {
  return Object.fromEntries(Object.entries(operations).filter(([, value]) => value !== undefined));
}

function schemaOf(components: Components, verb: Verb): string {
  return verb === 'list' ? components.list : components.object;
}

/** Of a subresource whose schema is known: the status, and a scale. */
function operationsOf(resource: Resource, subresource: Subresource, components: Components): object | undefined {
  const schema = subresource.kind === resource.kind ? components.object : components.scale;
  if (schema === undefined || (subresource.kind !== resource.kind && subresource.kind !== 'Scale')) return undefined;
  const { group, version, kind, verbs } = subresource;
  const type = group === undefined ? resource : { ...resource, group, version: version ?? resource.version };
  const operation = (verb: Verb, parameters: readonly object[]) =>
    verbs.includes(verb) ? operationOf(type, kind, schema, verb, parameters) : undefined;
  return given({
    get: operation('get', []),
    put: operation('update', writeParameters),
    patch: operation('patch', [...writeParameters, query('force', 'boolean')]),
  });
}

const actions: Partial<Record<Verb, string>> = { create: 'post', update: 'put' };

function operationOf(
  resource: Resource,
  kind: string,
  component: string,
  verb: Verb,
  parameters: readonly object[],
): object {
  const { group, version } = resource;
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
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(sends ? { requestBody: { content, required: true } } : {}),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema } } } },
    'x-kubernetes-action': actions[verb] ?? verb,
    'x-kubernetes-group-version-kind': { group, kind, version },
  };
}
