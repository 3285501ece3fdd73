/** The requests on resources: from method, path and query to an operation and its answer. */
import { quote } from '../../../cron/go-text.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldValidation, WriteRequest } from '../backend.ts';
import { tableOf } from '../backend.ts';
import { type ApiError, badRequest, type FieldError, type FieldErrorReason, invalid, notFound } from '../errors.ts';
import { entryAt, staleVersionNow } from '../faults/reads.ts';
import { isRecord } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { createObject } from '../operations/create.ts';
import { deletedStatus, deleteObject } from '../operations/delete.ts';
import { type ListRequest, listObjects, viewOf } from '../operations/list.ts';
import { patchObject } from '../operations/patch.ts';
import { answerReview, isReview } from '../operations/reviews.ts';
import { scaleOf, writeScale } from '../operations/scale.ts';
import { createSubresource } from '../operations/subresources.ts';
import { replaceObject } from '../operations/update.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import type { JsonObject } from '../schema/json.ts';
import { repeatedMembers } from '../schema/repeated-members.ts';
import { typeErrors } from '../schema/strict.ts';
import { structureOfType } from '../schema/structure.ts';
import { openWatch, startVersion } from '../watch/request.ts';
import { parseAppliedYaml, parseBody, readBody, readBytes, readObject } from './body.ts';
import { subjectOf } from './faulted.ts';
import { listObject } from './list-body.ts';
import { logCall } from './log-stream.ts';
import { unsupportedMedia } from './negotiate.ts';
import { flagOf, integerOf, type Query, textOf } from './query.ts';
import type { ResourceCall } from './resource-call.ts';
import { sendObject } from './respond.ts';
import { eventText, sendEntry, sendList } from './shapes.ts';
import { WatchStream } from './watch-stream.ts';

export async function getCall(call: ResourceCall): Promise<void> {
  const { backend, resource, namespace = '', name = '' } = call;
  if (call.subresource === 'log') return logCall(call);
  if (call.subresource === 'scale') {
    sendObject(call.exchange, 200, scaleOf(backend, { resource, namespace, name }));
    return;
  }
  const asked = textOf(call.query, 'resourceVersion');
  startVersion(asked);
  const reader = subjectOf(call, 'get');
  const stale = staleVersionNow(backend, reader, asked !== undefined);
  const entry =
    stale === undefined ? tableOf(backend, resource).get(namespace, name) : entryAt(backend, reader, name, stale);
  if (!entry) throw notFound(resource, name);
  sendEntry(call, 200, viewOf(resource, entry));
}

export async function listCall(call: ResourceCall): Promise<void> {
  if (call.query.has('sendInitialEvents')) {
    const unversioned = call.query.get('resourceVersionMatch') && !call.query.get('resourceVersion');
    throw initialEventsForbidden(unversioned ? [unversionedMatch] : []);
  }
  sendList(call, await listObjects(call.backend, { ...listRequest(call), reader: subjectOf(call, 'list') }));
}

const unversionedMatch: FieldError = {
  reason: 'FieldValueForbidden',
  field: 'resourceVersionMatch',
  message: 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
};

function initialEventsForbidden(others: readonly FieldError[]): ApiError {
  return invalid({ group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' }, '', [
    ...others,
    {
      reason: 'FieldValueForbidden',
      field: 'sendInitialEvents',
      message: 'Forbidden: sendInitialEvents is forbidden for list',
    },
  ]);
}

function listRequest(call: ResourceCall): ListRequest {
  const { query, resource, namespace } = call;
  return {
    resource,
    namespace,
    ...selectors(query),
    ...given('limit', integerOf(query, 'limit')),
    ...given('continue', textOf(query, 'continue')),
  };
}

function selectors(query: Query) {
  return {
    ...given('labelSelector', textOf(query, 'labelSelector')),
    ...given('fieldSelector', textOf(query, 'fieldSelector')),
    ...given('resourceVersion', textOf(query, 'resourceVersion')),
    ...given('resourceVersionMatch', textOf(query, 'resourceVersionMatch')),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): { [Key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: Value };
}

export async function watchCall(call: ResourceCall): Promise<void> {
  const { backend, query, resource, namespace, request } = call;
  const stream = new WatchStream(call.exchange.response, resource, eventText(call));
  const watch = openWatch(
    backend,
    {
      resource,
      namespace,
      ...selectors(query),
      ...given(
        'fieldSelector',
        call.name === undefined ? textOf(query, 'fieldSelector') : `metadata.name=${call.name}`,
      ),
      ...given('allowWatchBookmarks', flagOf(query, 'allowWatchBookmarks')),
      ...given('sendInitialEvents', flagOf(query, 'sendInitialEvents')),
      ...given('timeoutSeconds', integerOf(query, 'timeoutSeconds')),
      watcher: subjectOf(call, 'watch'),
    },
    stream,
  );
  stream.run(watch, request.signal);
}

export async function createCall(call: ResourceCall): Promise<void> {
  const { value: body, text } = await readObject(call.request, call.resource.kind);
  const { name = '', subresource } = call;
  if (subresource !== undefined) {
    sendObject(call.exchange, 201, createSubresource(call.backend, writeRequest(call), name, subresource, body));
    return;
  }
  const request = { ...writeRequest(call), text };
  const made = isReview(call.resource)
    ? answerReview(call.backend, request, body)
    : createObject(call.backend, request, body);
  sendObject(call.exchange, 201, await made);
}

export async function replaceCall(call: ResourceCall): Promise<void> {
  const { value: body, text } = await readObject(call.request, call.resource.kind);
  const { name = '', subresource } = call;
  if (subresource === 'scale') {
    sendObject(
      call.exchange,
      200,
      writeScale(call.backend, { ...writeRequest(call), name }, () => body),
    );
    return;
  }
  const written = await replaceObject(
    call.backend,
    { ...writeRequest(call), text, name, ...given('subresource', subresource) },
    body,
  );
  sendObject(call.exchange, written.created ? 201 : 200, written.object);
}

const patchKinds: Readonly<Record<string, 'json' | 'merge' | 'strategic-merge' | 'apply'>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic-merge',
  'application/apply-patch+yaml': 'apply',
};

export async function patchCall(call: ResourceCall): Promise<void> {
  const media = (call.request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const kind = ownMember(patchKinds, media);
  const allowed = Object.keys(patchKinds).filter((each) => !call.resource.custom || !each.includes('strategic'));
  if (!kind || !allowed.includes(media)) {
    if (!call.resource.custom) throw unsupportedMedia('415: Unsupported Media Type', {});
    throw unsupportedMedia(
      `the body of the request was in an unknown format - accepted media types include: ${allowed.join(', ')}`,
    );
  }
  checkPatchOptions(call.query, kind);
  const bytes = await readBytes(call.request);
  const whole = bytes.toString();
  const isApply = kind === 'apply';
  const { value: patch, repeated: repeatedYaml } = isApply
    ? parseAppliedYaml(whole)
    : { value: parseBody(whole, 'json', 'patch'), repeated: [] };
  const repeated = isApply ? [] : repeatedMembers(whole, patch).map((path) => `duplicate field ${quote(path)}`);
  const text = { whole, repeated };
  const request = { ...writeRequest(call), text, name: call.name ?? '', ...given('subresource', call.subresource) };
  if (call.subresource === 'scale') {
    const isPlain = kind === 'merge' || (kind === 'strategic-merge' && !call.resource.custom);
    if (!isPlain) throw unsupportedMedia('a scale takes merge patches only');
    const change = (scale: object) => applyMergePatch(scale as JsonObject, patch);
    sendObject(call.exchange, 200, writeScale(call.backend, request, change));
    return;
  }
  const force = flagOf(call.query, 'force') ?? false;
  const written = await patchObject(call.backend, { ...request, kind, force, repeatedYaml }, patch);
  sendObject(call.exchange, written.created ? 201 : 200, written.object);
}

function checkPatchOptions(query: Query, kind: string): void {
  const refuse = (reason: 'FieldValueRequired' | 'FieldValueForbidden', field: string, message: string) =>
    invalid({ group: 'meta.k8s.io', plural: 'patchoptions', kind: 'PatchOptions' }, '', [{ reason, field, message }]);
  if (kind !== 'apply' && query.has('force')) {
    throw refuse('FieldValueForbidden', 'force', 'Forbidden: may not be specified for non-apply patch');
  }
  if (kind === 'apply' && textOf(query, 'fieldManager') === undefined) {
    throw refuse('FieldValueRequired', 'fieldManager', 'Required value: is required for apply patch');
  }
}

export async function deleteCall(call: ResourceCall): Promise<void> {
  const { backend, resource, name = '', exchange } = call;
  const options = await deletionOf(call);
  const deleted = deleteObject(backend, writeRequest(call, options), name, options);
  const status = deleted.removed && resource.kind !== 'Pod' && !returnsObject(resource);
  sendObject(exchange, 200, status ? deletedStatus(resource, deleted.object) : deleted.object);
}

const objectAnswers = [
  'Service',
  'ServiceAccount',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'ResourceQuota',
  'PodTemplate',
];

/** Kinds that answer a removal with the object. */
function returnsObject({ group, kind }: Resource): boolean {
  if (group === 'storage.k8s.io') return kind !== 'CSIStorageCapacity';
  return group === 'resource.k8s.io' || (group === '' && objectAnswers.includes(kind));
}

export async function deleteCollectionCall(call: ResourceCall): Promise<void> {
  const { backend, resource } = call;
  const options = await deletionOf(call);
  const result = await listObjects(backend, listRequest(call));
  const request = writeRequest(call, options);
  for (const entry of result.entries) {
    deleteObject(backend, { ...request, namespace: entry.namespace }, entry.name, options, { unnamed: true });
  }
  sendObject(call.exchange, 200, listObject(resource, { entries: result.entries, version: backend.store.version }));
}

interface DeletionBody {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: string;
  readonly orphanDependents?: boolean;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: readonly string[];
}

/** DeleteOptions from the body, or from the query when there is no body. */
async function deletionOf(call: ResourceCall): Promise<DeletionBody> {
  const body = await readBody(call.request);
  if (isRecord(body)) return checkedDeletion(body);
  const { query } = call;
  return {
    ...given('gracePeriodSeconds', integerOf(query, 'gracePeriodSeconds')),
    ...given('propagationPolicy', textOf(query, 'propagationPolicy')),
    ...given('orphanDependents', flagOf(query, 'orphanDependents')),
  };
}

/** 400 for another kind of object, or members of wrong types. */
function checkedDeletion(body: Record<string, unknown>): DeletionBody {
  const { kind = 'DeleteOptions', apiVersion = 'v1' } = body;
  if (kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  const structure = structureOfType('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions');
  const [problem] = typeErrors(structure, body as JsonObject);
  if (problem !== undefined) throw badRequest(problem);
  return body as DeletionBody;
}

/** What all writes have in common, out of the query and headers. */
export function writeRequest(call: ResourceCall, body: { dryRun?: readonly string[] } = {}): WriteRequest {
  const { query, resource, namespace = '', caller, request, exchange } = call;
  return {
    resource,
    namespace,
    caller,
    manager: managerOf(textOf(query, 'fieldManager'), request.method) ?? agentName(request.headers['user-agent']),
    dryRun: dryRunOf([...query.getAll('dryRun'), ...(body.dryRun ?? [])], request.method),
    fieldValidation: fieldValidationOf(textOf(query, 'fieldValidation'), request.method),
    warn: (text) => void exchange.warnings.push(text),
  };
}

/** The first part of User-Agent names who writes without `fieldManager`. */
function agentName(agent: string | undefined): string {
  return agent?.split('/')[0]?.trim() || 'unknown';
}

const managerBytesMax = 128;

/** 422 for a name that is too long or not printable. */
function managerOf(name: string | undefined, method: string): string | undefined {
  if (name === undefined) return undefined;
  if (Buffer.byteLength(name) > managerBytesMax) {
    const message = `Too long: may not be more than ${managerBytesMax} bytes`;
    throw optionError(method, 'fieldManager', message, 'FieldValueTooLong');
  }
  const characters = [...name];
  const index = characters.findIndex((character) => /[\p{C}\p{Zl}\p{Zp}]/u.test(character));
  if (index < 0) return name;
  const code = characters[index]?.codePointAt(0) ?? 0;
  const shown = quote(name);
  const where = `invalid character U+${code.toString(16).toUpperCase().padStart(4, '0')} (at position ${index})`;
  throw optionError(method, 'fieldManager', `Invalid value: ${shown}: ${where}`, 'FieldValueInvalid');
}

function dryRunOf(values: readonly string[], method: string): boolean {
  const wrong = values.find((value) => value !== 'All');
  if (wrong === undefined) return values.length > 0;
  throw optionError(method, 'dryRun', `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`);
}

function fieldValidationOf(value: string | undefined, method: string): FieldValidation {
  if (value === undefined) return 'Warn';
  if (value === 'Ignore' || value === 'Warn' || value === 'Strict') return value;
  throw optionError(
    method,
    'fieldValidation',
    `Unsupported value: ${quote(value)}: supported values: "", "Ignore", "Strict", "Warn"`,
  );
}

const optionKinds: Readonly<Record<string, string>> = {
  POST: 'CreateOptions',
  PUT: 'UpdateOptions',
  PATCH: 'PatchOptions',
  DELETE: 'DeleteOptions',
};

function optionError(
  method: string,
  field: string,
  message: string,
  reason: FieldErrorReason = 'FieldValueNotSupported',
): ApiError {
  const resource = { group: 'meta.k8s.io', plural: 'options', kind: optionKinds[method] ?? 'CreateOptions' };
  return invalid(resource, '', [{ reason, field, message }]);
}
