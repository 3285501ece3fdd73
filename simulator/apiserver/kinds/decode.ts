/**
 * From a request's body to an object in the server's shape: type and scope agree, unknown fields are reported, defaults
 * are set.
 */

import { quote } from '../../../cron/go-text.ts';
import { apiVersionOf } from '../../../kubernetes/resources.ts';
import { ownMember } from '../../../world/members.ts';
import type { WriteRequest } from '../backend.ts';
import { applyBuiltInDefaults } from '../defaults/index.ts';
import { badRequest, invalid } from '../errors.ts';
import { type ApiObject, isRecord, setMember, textAt } from '../json.ts';
import { decodesPlainly } from '../schema/decodes.ts';
import { summary } from '../schema/go-json.ts';
import type { JsonObject } from '../schema/json.ts';
import { inTextOrder } from '../schema/repeated-members.ts';
import { typeErrors, unknownFields, withoutUnknownFields } from '../schema/strict.ts';
import { structureOf } from '../schema/structure.ts';
import { withoutEmptyMembers, withWrittenMembers } from '../schema/written.ts';
import { shareUnchanged } from '../storage/share-unchanged.ts';
import type { Resource } from './resource.ts';
import { structureOfResource } from './structures.ts';

/**
 * The body as an object of the resource, in the shape it is stored in. 400 when it is none. `stored` is the version
 * that it shall replace: the result shares with it what is the same, so that only new objects within the result may be
 * changed.
 */
export function decodeObject(request: WriteRequest, body: unknown, stored?: ApiObject): ApiObject {
  const { resource } = request;
  const old = stored && resource.view ? resource.view.fromStored(stored) : stored;
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${resource.kind})`);
  checkType(resource, body, request.text?.whole);
  const object = typed(
    resource,
    shareUnchanged(body, old, { dropsNulls: !resource.custom }) as Record<string, unknown>,
  );
  if (resource.custom) refuseInfinite(request, object);
  const known = resource.custom ? pruned(request, object) : withoutEmpty(resource, strictly(request, object, old));
  return resource.view ? resource.view.toStored(known) : known;
}

/**
 * A built-in object without the members that its kind lacks. 400 for a value of another JSON type than its kind has.
 */
function strictly(request: WriteRequest, object: ApiObject, old: ApiObject | undefined): ApiObject {
  const { resource } = request;
  const structure = structureOfResource(resource);
  if (!structure) return object;
  if (decodesPlainly(structure, object, old)) {
    reportUnknown(request, repeatedIn(request));
    return object;
  }
  const json = object as unknown as JsonObject;
  const [problem] = typeErrors(structure, json);
  if (problem !== undefined) throw undecodable(resource, problem);
  const unknown = unknownFields(structure, json);
  const problems = [...repeatedIn(request), ...unknown.map((path) => `unknown field ${quote(path)}`)];
  const { text } = request;
  reportUnknown(request, text?.isJsonObject ? inTextOrder(text.whole, problems) : problems);
  if (unknown.length === 0) return object;
  return withoutUnknownFields(structure, json) as unknown as ApiObject;
}

function withoutEmpty(resource: Resource, object: ApiObject): ApiObject {
  const structure = structureOfResource(resource);
  return structure ? withoutEmptyMembers(structure, object) : object;
}

function undecodable(resource: Resource, why: string) {
  const { kind, version } = resource;
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`);
}

/**
 * Of a custom resource a number is what Go's float64 holds; JavaScript reads a larger one as infinite, and would store
 * null.
 */
function refuseInfinite({ resource, text }: WriteRequest, object: ApiObject): void {
  const literals = text?.whole.match(/-?\d+(?:\.\d+)?(?:[eE]\+?\d{2,})|-?\d{309,}/g) ?? [];
  const literal = literals.find((each) => !Number.isFinite(Number(each)));
  if (literal === undefined || !holdsInfinite(object)) return;
  throw undecodable(resource, `json: cannot unmarshal number ${literal} into Go value of type float64`);
}

function holdsInfinite(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'number' && !Number.isFinite(value);
  return Object.values(value).some(holdsInfinite);
}

function pruned(request: WriteRequest, object: ApiObject): ApiObject {
  const result = request.resource.custom?.prune(object);
  if (!result) return object;
  reportUnknown(request, [...repeatedIn(request), ...result.unknown.map((path) => `unknown field ${quote(path)}`)]);
  return result.object;
}

function repeatedIn(request: WriteRequest): readonly string[] {
  return request.text?.repeated ?? [];
}

/** As `fieldValidation` asks: 400, a warning for each, or silence. Source: semantics 1.14. */
export function reportUnknown(request: WriteRequest, texts: readonly string[]): void {
  if (texts.length === 0 || request.fieldValidation === 'Ignore') return;
  if (request.fieldValidation === 'Warn') for (const text of texts.flatMap(linesOf)) request.warn(text);
  else throw strictError(request.resource, texts);
}

/** What the YAML decoder lists below a heading is warned of line by line. */
function linesOf(text: string): string[] {
  const [heading = '', ...lines] = text.split('\n');
  return lines.length === 0 ? [heading] : lines.map((line) => line.trim());
}

function strictError(resource: Resource, texts: readonly string[]) {
  return undecodable(resource, `strict decoding error: ${texts.join(', ')}`);
}

function checkType(resource: Resource, body: Record<string, unknown>, whole = JSON.stringify(body)): void {
  const expected = apiVersionOf(resource);
  const { apiVersion = expected, kind = resource.custom ? undefined : resource.kind } = body;
  if (kind === undefined) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): Object 'Kind' is missing in '${whole}' (${summary(whole)})`,
    );
  }
  if (apiVersion === expected && kind === resource.kind) return;
  if (apiVersion !== expected && resource.custom) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  if (resource.custom) throw wrongKind(resource, body);
  const version = String(apiVersion).split('/').pop();
  throw badRequest(
    `${kind} in version "${version}" cannot be handled as a ${resource.kind}: ${whyNot(resource, body)}`,
  );
}

function wrongKind(resource: Resource, body: Record<string, unknown>) {
  const kind = String(body.kind);
  const message = `Invalid value: ${quote(kind)}: must be ${resource.kind}`;
  return invalid({ ...resource, kind }, textAt(body.metadata, 'name'), [
    { reason: 'FieldValueInvalid', field: 'kind', message },
  ]);
}

function whyNot(resource: Resource, body: Record<string, unknown>): string {
  const apiVersion = String(body.apiVersion ?? apiVersionOf(resource));
  const kind = String(body.kind ?? resource.kind);
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  if (!structureOf(group, version, kind)) {
    return `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`;
  }
  const internal = resource.group.split('.')[0] || 'core';
  return `converting (${version}.${kind}) to (${internal}.${resource.kind}): unknown conversion`;
}

/** With type and metadata first, as the server writes them. */
function typed(resource: Resource, object: Record<string, unknown>): ApiObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...rest } = object;
  if (metadata !== undefined && metadata !== null && !isRecord(metadata)) {
    throw undecodable(resource, 'metadata is no object');
  }
  const names = resource.custom
    ? { apiVersion: apiVersionOf(resource), kind: resource.kind }
    : { kind: resource.kind, apiVersion: apiVersionOf(resource) };
  return { ...names, metadata: { ...metadata }, ...rest };
}

export function withDefaults(resource: Resource, object: ApiObject): ApiObject {
  return resource.custom ? resource.custom.applyDefaults(object) : applyBuiltInDefaults(resource, object);
}

/**
 * The object of an update with its defaults. What these make the same as in the stored version (a client that sends its
 * manifest again leaves them out) is that very part again; the object and its metadata are new, and may be changed.
 */
export function withDefaultsLike(resource: Resource, object: ApiObject, stored: ApiObject): ApiObject {
  const whole = { ...asWritten(resource, withDefaults(resource, object)) };
  for (const member of Object.keys(whole)) {
    if (member !== 'metadata')
      setMember(whole, member, shareUnchanged(whole[member], ownMember(stored, member), { dropsNulls: false }));
  }
  return whole;
}

/** A built-in object with what is always written. */
export function asWritten(resource: Resource, object: ApiObject): ApiObject {
  const structure = resource.custom || resource.view ? undefined : structureOfResource(resource);
  return structure ? withWrittenMembers(structure, object) : object;
}
