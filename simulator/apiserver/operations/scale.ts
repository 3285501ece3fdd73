/**
 * `/scale`: replicas through the paths that a definition declares, or those of Deployments and their like. Source:
 * semantics 1.12.
 */
import { ownMember, setMember } from '../../../world/members.ts';
import { type Backend, tableOf } from '../backend.ts';
import { ApiError, badRequest, invalid, notFound } from '../errors.ts';
import { type ApiObject, copyJson, isRecord, recordAt, textAt } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import type { LabelSelector } from '../selectors/label-requirements.ts';
import { selectorText } from '../tables/batch.ts';
import { type UpdateRequest, writeChange } from './update.ts';

/** The Scale that stands for the object. 404 when there is none. */
export function scaleOf(backend: Backend, request: Pick<UpdateRequest, 'resource' | 'namespace' | 'name'>): object {
  const stored = tableOf(backend, request.resource).get(request.namespace, request.name)?.object;
  if (!stored) throw notFound(request.resource, request.name);
  const paths = pathsOf(request.resource);
  const path = textAt(paths, 'specReplicasPath');
  if (valueAt(stored, path) === undefined) throw withoutReplicas(path);
  return asScale(paths, stored);
}

function withoutReplicas(path: string): ApiError {
  const why = `the spec replicas field ${JSON.stringify(path)} does not exist`;
  return new ApiError(500, 'InternalError', `Internal error occurred: ${why}`, { causes: [{ message: why }] });
}

const workloadPaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' };

function pathsOf(resource: Resource): Record<string, unknown> {
  return resource.custom ? (resource.custom.scale ?? {}) : workloadPaths;
}

function asScale(paths: Record<string, unknown>, object: ApiObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const read = (path: string) => Number(valueAt(object, textAt(paths, path)) ?? 0);
  const selector =
    paths === workloadPaths ? selectorText(selectorOf(object)) : valueAt(object, textAt(paths, 'labelSelectorPath'));
  const replicas = read('specReplicasPath');
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: read('statusReplicasPath'), ...(typeof selector === 'string' ? { selector } : {}) },
  };
}

/** A ReplicationController selects by labels alone. */
function selectorOf({ kind, spec }: ApiObject): LabelSelector {
  const selector = recordAt(spec, 'selector');
  return kind === 'ReplicationController' ? { matchLabels: selector as Record<string, string> } : selector;
}

/** Writes the replicas that `change` makes of the present Scale; the new Scale. */
export function writeScale(backend: Backend, request: UpdateRequest, change: (scale: object) => unknown): object {
  const stored = tableOf(backend, request.resource).get(request.namespace, request.name)?.object;
  if (!stored) throw notFound(request.resource, request.name);
  const paths = pathsOf(request.resource);
  const scale = change(asScale(paths, stored));
  if (!isRecord(scale)) throw badRequest('the body is no Scale');
  const name = textAt(scale.metadata, 'name');
  if (name !== request.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${request.name})`);
  }
  const replicas = recordAt(scale, 'spec').replicas ?? 0;
  if (!request.resource.custom && Number(replicas) < 0) throw negative(request.name, Number(replicas));
  const candidate = copyJson(stored);
  setAt(candidate, textAt(paths, 'specReplicasPath'), replicas);
  const { resourceVersion } = recordAt(scale, 'metadata');
  if (typeof resourceVersion === 'string') candidate.metadata.resourceVersion = resourceVersion;
  const { subresource: _subresource, ...whole } = request;
  return asScale(paths, writeChange(backend, whole, stored, candidate, { put: false, managedAs: 'scale' }));
}

function negative(name: string, replicas: number): ApiError {
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  return invalid({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, name, [
    { reason: 'FieldValueInvalid', field: 'spec.replicas', message },
  ]);
}

function membersOf(path: string): string[] {
  return path.split('.').filter((member) => member !== '');
}

function valueAt(object: unknown, path: string): unknown {
  let value: unknown = path === '' ? undefined : object;
  for (const member of membersOf(path)) value = isRecord(value) ? ownMember(value, member) : undefined;
  return value;
}

function setAt(object: Record<string, unknown>, path: string, value: unknown): void {
  const members = membersOf(path);
  const last = members.pop();
  let place = object;
  for (const member of members) {
    const present = ownMember(place, member);
    const inner = isRecord(present) ? present : {};
    setMember(place, member, inner);
    place = inner;
  }
  if (last !== undefined) setMember(place, last, value);
}
