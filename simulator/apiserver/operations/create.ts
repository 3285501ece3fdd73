/**
 * Create. The order of the steps is upstream's (registry/rest/create.go, registry/generic/registry/store.go); semantics
 * 1.9.
 */
import { admitCreate } from '../admission/admission.ts';
import type { Attributes } from '../admission/policies/attributes.ts';
import { mutateByPolicies } from '../admission/policies/mutating.ts';
import { validateByPolicies } from '../admission/policies/validating.ts';
import { type Backend, ruleContext, shown, tableOf, timeText, type WriteRequest } from '../backend.ts';
import { prepareForCreate } from '../defaults/generated.ts';
import { ApiError, alreadyExists, badRequest } from '../errors.ts';
import { type ApiObject, copyJson } from '../json.ts';
import { asWritten, decodeObject, withDefaults } from '../kinds/decode.ts';
import type { Resource } from '../kinds/resource.ts';
import { checkNew } from './checks.ts';
import { managedFieldsAfter, setManagedFields } from './managed.ts';

const nameAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const generatedBaseMax = 58;
const generateAttempts = 8;

export interface CreateOptions {
  /** managedFields are set already (server-side apply). */
  readonly managed?: boolean;
}

/** Stores a new object and returns it as stored, in the resource's view. */
export async function createObject(
  backend: Backend,
  request: WriteRequest,
  body: unknown,
  options: CreateOptions = {},
): Promise<ApiObject> {
  const object = asWritten(request.resource, withDefaults(request.resource, decodeObject(request, body)));
  agreeOnNamespace(request, object);
  delete object.metadata.deletionTimestamp;
  delete object.metadata.deletionGracePeriodSeconds;
  // Nobody owns what admission sets.
  if (!options.managed) setManagedFields(object, managedFieldsAfter(backend, request, undefined, object));
  await admitCreate(backend, request, object);
  const admitted = mutateByPolicies(backend, request, attributesOf(request, object));
  warnOfStoredOnly(backend, request);
  return shown(request.resource, insert(backend, request, admitted, { managed: true }));
}

function attributesOf(request: WriteRequest, object: ApiObject): Attributes & { readonly object: ApiObject } {
  const { resource, namespace, caller, dryRun } = request;
  const name = object.metadata.name ?? '';
  return {
    operation: 'CREATE',
    resource,
    subresource: '',
    name,
    namespace,
    object,
    oldObject: undefined,
    caller,
    dryRun,
  };
}

function warnOfStoredOnly(backend: Backend, { resource, warn }: WriteRequest): void {
  if (!backend.storedOnly.has(`${resource.group}/${resource.kind}`)) return;
  warn(`${resource.plural} are stored here and nothing more: no controller acts upon them in this simulated cluster`);
}

/** The rest of create, without waiting: nothing can come between the checks and the write. */
export function insert(
  backend: Backend,
  request: WriteRequest,
  template: ApiObject,
  options: CreateOptions = {},
): ApiObject {
  if (template.metadata.resourceVersion) {
    throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const managed = options.managed
    ? template.metadata.managedFields
    : managedFieldsAfter(backend, request, undefined, template);
  const generated = !template.metadata.name && Boolean(template.metadata.generateName);
  const table = tableOf(backend, request.resource);
  for (let attempt = 1; ; attempt++) {
    const object = prepared(backend, request, generated ? copyJson(template) : template, generated);
    setManagedFields(object, managed);
    const name = object.metadata.name ?? '';
    checkNew(request, object);
    validateByPolicies(backend, attributesOf(request, object), request.warn);
    const taken = table.get(request.namespace, name)?.object;
    if (!taken) return store(backend, request, object);
    if (!generated || attempt === generateAttempts) throw takenName(request.resource, name, taken);
  }
}

function prepared(backend: Backend, request: WriteRequest, template: ApiObject, generated: boolean): ApiObject {
  const object: ApiObject = { ...template, metadata: { ...template.metadata } };
  const { metadata } = object;
  if (generated) metadata.name = generateName(backend, metadata.generateName ?? '');
  metadata.creationTimestamp = timeText(backend);
  delete metadata.selfLink;
  const { strategy, custom } = request.resource;
  if (strategy.generation !== 'none') metadata.generation = 1;
  if (custom?.statusSubresource) delete object.status;
  else if (!custom && !strategy.statusAtCreate) for (const member of strategy.statusMembers) delete object[member];
  const uid = backend.world.random.stream('apiserver-uid').uuid();
  const named = custom ? object : prepareForCreate(request.resource, object, uid);
  named.metadata.uid = uid;
  strategy.prepareCreate?.(named, ruleContext(backend));
  return named;
}

/**
 * Defaults are applied once more, as when the real server reads back: a Job takes over the labels that it was given
 * (semantics 3.1).
 */
function store(backend: Backend, request: WriteRequest, prepared: ApiObject): ApiObject {
  const object = asWritten(request.resource, withDefaults(request.resource, prepared));
  if (request.dryRun) return object;
  return tableOf(backend, request.resource).write(request.namespace, object.metadata.name ?? '', object).object;
}

function generateName(backend: Backend, prefix: string): string {
  return prefix.slice(0, generatedBaseMax) + backend.world.random.stream('apiserver-names').text(5, nameAlphabet);
}

function takenName(resource: Resource, name: string, taken: ApiObject): ApiError {
  const error = alreadyExists(resource, name);
  if (!taken.metadata.deletionTimestamp) return error;
  return new ApiError(409, 'AlreadyExists', `object is being deleted: ${error.message}`, error.status.details);
}

/** The body may leave the namespace out, but not name another. Where there is none, what the body says is dropped. */
export function agreeOnNamespace(request: WriteRequest, object: ApiObject): void {
  const { metadata } = object;
  if (!request.resource.namespaced) {
    delete metadata.namespace;
    return;
  }
  metadata.namespace ??= request.namespace;
  if (metadata.namespace === request.namespace) return;
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}
