/** PATCH in its four forms. Source: semantics 1.10, 1.11. */
import { quote } from '../../../cron/go-text.ts';
import type { PatchKind } from '../../../kubernetes/client.ts';
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import { type Backend, readStored, shown, timeText } from '../backend.ts';
import { ApiError, badRequest, notFound } from '../errors.ts';
import { type ApiObject, isRecord } from '../json.ts';
import { decodeObject, withDefaultsLike } from '../kinds/decode.ts';
import { structureOfResource } from '../kinds/structures.ts';
import { applyConfiguration } from '../patch/apply.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { PatchError } from '../patch/patch-error.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge.ts';
import type { Json, JsonObject } from '../schema/json.ts';
import type { Structure } from '../schema/structure.ts';
import { createObject } from './create.ts';
import { ignoredMembers } from './managed.ts';
import { agreeOnName, type UpdateRequest, type Written, writeChange } from './update.ts';

export interface PatchRequest extends UpdateRequest {
  readonly kind: PatchKind;
  /** Apply takes over the fields of others. */
  readonly force: boolean;
  /** Of an apply: what the YAML parser says to members that stand in it twice. */
  readonly repeatedYaml?: readonly string[];
}

/** Applies the patch to what is stored; server-side apply makes a missing object. */
export async function patchObject(backend: Backend, request: PatchRequest, patch: unknown): Promise<Written> {
  const { resource, kind } = request;
  const old = readStored(backend, request, request.name);
  if (!old && (kind !== 'apply' || request.subresource !== undefined)) throw notFound(resource, request.name);
  const live = old && shown(resource, old);
  const patched = translated(() =>
    kind === 'apply' ? applied(backend, request, live, patch) : merged(request, live, patch),
  );
  if (!old) {
    agreeOnName(request, patched as unknown as ApiObject);
    // What may be a version of an object that has gone does not keep it from coming back.
    if (isRecord(patched) && isRecord(patched.metadata)) delete patched.metadata.resourceVersion;
    return { object: await createObject(backend, request, patched, { managed: true }), created: true };
  }
  const candidate = withDefaultsLike(resource, decodePatched(request, patched, old), old);
  const object = writeChange(backend, request, old, candidate, { put: false, managed: kind === 'apply' });
  return { object, created: false };
}

/** What a patch made of an object and is none any more is refused as an invalid patch. */
function decodePatched(request: PatchRequest, patched: Json, old: ApiObject): ApiObject {
  try {
    return decodeObject(request, patched, old);
  } catch (error) {
    if (!(error instanceof ApiError) || request.kind === 'apply') throw error;
    if (request.resource.custom && !error.message.includes('strict decoding error')) throw error;
    const why = error.message.replace(/^.*? cannot be handled as a \w+: /, '');
    const message = `Invalid value: ${quote(JSON.stringify(patched))}: ${why}`;
    const causes = [{ reason: 'FieldValueInvalid', message, field: 'patch' }];
    throw new ApiError(422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes });
  }
}

function merged(request: PatchRequest, live: ApiObject | undefined, patch: unknown): Json {
  const document = live as unknown as Json;
  if (request.kind === 'json') return applyJsonPatch(document, patch);
  if (request.kind === 'merge') return applyMergePatch(document, patch);
  const strategic = applyStrategicMergePatch(document, patch, requiredStructure(request));
  // Its type is that of the object, whatever the patch says.
  return isRecord(strategic) && live ? { ...strategic, apiVersion: live.apiVersion, kind: live.kind } : strategic;
}

function applied(backend: Backend, request: PatchRequest, live: ApiObject | undefined, patch: unknown): JsonObject {
  const { resource, subresource } = request;
  if (!isRecord(patch)) {
    const type = Array.isArray(patch) ? 'array' : typeof patch === 'boolean' ? 'bool' : typeof patch;
    throw badRequest(
      `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`,
    );
  }
  const { apiVersion, kind } = patch;
  if (kind !== undefined && kind !== resource.kind) {
    throw badRequest(`invalid object type: ${String(apiVersion).includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`);
  }
  const result = applyConfiguration({
    ...(live ? { live: live as unknown as JsonObject } : {}),
    applied: named(request, patch) as JsonObject,
    manager: request.manager,
    apiVersion: apiVersionOf(resource),
    force: request.force,
    time: timeText(backend),
    structure: requiredStructure(request),
    ...(subresource === undefined ? {} : { subresource }),
    ignored: ignoredMembers(resource, subresource),
  });
  refuseRepeated(request);
  return result;
}

function refuseRepeated({ repeatedYaml = [], fieldValidation, warn }: PatchRequest): void {
  for (const text of repeatedYaml) {
    const why = `error converting YAML to JSON: ${text}`;
    if (fieldValidation === 'Strict') throw badRequest(`error strict decoding YAML: ${why}`);
    if (fieldValidation === 'Warn') warn(why);
  }
}

/** The name may be left to the URL. */
function named(request: PatchRequest, patch: Record<string, unknown>): Record<string, unknown> {
  const metadata = isRecord(patch.metadata) ? patch.metadata : {};
  return { ...patch, metadata: { name: request.name, ...metadata } };
}

function requiredStructure(request: PatchRequest): Structure {
  const structure = structureOfResource(request.resource);
  if (structure && (request.kind === 'apply' || !request.resource.custom)) return structure;
  throw new ApiError(
    415,
    'UnsupportedMediaType',
    `${request.kind} patches are not supported for ${request.resource.kind}`,
  );
}

/** A patch that does not fit, as the server words it. */
function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw new ApiError(error.code, error.reason, error.message, error.reason === 'Invalid' ? {} : undefined);
  }
}
