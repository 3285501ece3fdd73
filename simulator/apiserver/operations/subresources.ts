/**
 * Subresources that are actions and not parts of an object: binding, eviction, tokens. Source: semantics 1.19, 1.20.
 */
import { quote } from '../../../cron/go-text.ts';
import { issueToken } from '../auth/service-account-tokens.ts';
import { type Backend, tableOf, timeText, type WriteRequest } from '../backend.ts';
import { ApiError, badRequest, conflict, invalid, notFound } from '../errors.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';
import { type Deletion, deleteObject } from './delete.ts';

type Action = (backend: Backend, request: WriteRequest, old: ApiObject, body: Record<string, unknown>) => object;

const actions: Readonly<Record<string, Action>> = {
  'pods/binding': bind,
  'pods/eviction': evict,
  'serviceaccounts/token': requestToken,
};

/** POST to `/NAME/SUBRESOURCE`; the body of the answer (201). */
export function createSubresource(
  backend: Backend,
  request: WriteRequest,
  name: string,
  subresource: string,
  body: unknown,
): object {
  const { resource, namespace } = request;
  const action = actions[`${resource.plural}/${subresource}`];
  if (!action) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {});
  const old = tableOf(backend, resource).get(namespace, name)?.object;
  if (!old) throw notFound(resource, name);
  if (!isRecord(body)) throw badRequest(`the body of ${subresource} is no object`);
  return action(backend, request, old, body);
}

function success(): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}

/** The pod with a condition that is true from now on. */
function withCondition(
  backend: Backend,
  pod: ApiObject,
  facts: { type: string; reason?: string; message?: string },
): ApiObject {
  const others = listAt(pod.status, 'conditions').filter((each) => textAt(each, 'type') !== facts.type);
  const { type, ...why } = facts;
  const condition = { type, status: 'True', lastProbeTime: null, lastTransitionTime: timeText(backend), ...why };
  const status = { ...recordAt(pod, 'status'), conditions: [...others, condition] };
  return { ...pod, metadata: { ...pod.metadata }, status };
}

/** Puts the pod on a node, once. */
function bind(backend: Backend, request: WriteRequest, old: ApiObject, body: Record<string, unknown>): object {
  const name = old.metadata.name ?? '';
  const node = textAt(body.target, 'name');
  const refuse = (why: string) => conflict({ ...request.resource, plural: 'pods/binding' }, name, why);
  const kind = textAt(body.target, 'kind') || 'Node';
  if (kind !== 'Node') {
    throw new ApiError(500, '', `target.kind: Unsupported value: ${quote(kind)}: supported values: "Node", "<empty>"`);
  }
  if (node === '') throw new ApiError(500, '', 'target.name: Required value');
  const taken = textAt(old.spec, 'nodeName');
  if (old.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  if (taken !== '') throw refuse(`pod ${name} is already assigned to node "${taken}"`);
  const scheduled = withCondition(backend, old, { type: 'PodScheduled' });
  const next = { ...scheduled, spec: { ...recordAt(old, 'spec'), nodeName: node } };
  if (!request.dryRun) tableOf(backend, request.resource).write(request.namespace, name, next);
  return success();
}

/** Deletes the pod with its grace, unless a budget forbids it (budgets are not counted here: none ever forbids). */
function evict(backend: Backend, request: WriteRequest, old: ApiObject, body: Record<string, unknown>): object {
  const name = old.metadata.name ?? '';
  if (textAt(body.metadata, 'name') !== name) throw badRequest('name in URL does not match name in Eviction object');
  const options = recordAt(body, 'deleteOptions');
  const dryRun = request.dryRun || listAt(options, 'dryRun').includes('All');
  const reason = { reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' };
  const next = withCondition(backend, old, { type: 'DisruptionTarget', ...reason });
  if (!dryRun) tableOf(backend, request.resource).write(request.namespace, name, next);
  deleteObject(backend, { ...request, dryRun }, name, options as Deletion);
  return success();
}

function requestToken(backend: Backend, request: WriteRequest, old: ApiObject, body: Record<string, unknown>): object {
  const spec = recordAt(body, 'spec');
  const seconds = Number(spec.expirationSeconds ?? 3600);
  if (seconds < 600) {
    const message = `Invalid value: ${seconds}: may not specify a duration less than 10 minutes`;
    throw invalid({ group: 'authentication.k8s.io', plural: 'tokenrequests', kind: 'TokenRequest' }, '', [
      { reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message },
    ]);
  }
  const issued = issueToken(backend, old, seconds);
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: {
      name: old.metadata.name,
      namespace: request.namespace,
      uid: old.metadata.uid,
      creationTimestamp: timeText(backend),
    },
    spec: { audiences: ['https://kubernetes.default.svc'], boundObjectRef: null, ...spec, expirationSeconds: seconds },
    status: { token: issued.token, expirationTimestamp: issued.expiresAt },
  };
}
