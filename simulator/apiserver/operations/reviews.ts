/** Resources that only answer: who am I, may I, whose token is this. Source: semantics 1.20. */

import { withAuthenticated } from '../auth/authentication.ts';
import type { Attributes } from '../auth/authorization.ts';
import { isAllowed, rulesFor } from '../auth/authorization.ts';
import type { Caller } from '../auth/caller.ts';
import { tokenUser } from '../auth/service-account-tokens.ts';
import { type Backend, timeText, type WriteRequest } from '../backend.ts';
import { badRequest, invalid } from '../errors.ts';
import { type ApiObject, isRecord, listAt, recordAt, textAt } from '../json.ts';
import { decodeObject } from '../kinds/decode.ts';
import { reviewResources } from '../kinds/groups/other-groups.ts';
import type { Resource } from '../kinds/resource.ts';
import { managedFieldsAfter, setManagedFields } from './managed.ts';

type Answer = (backend: Backend, caller: Caller, object: ApiObject) => object;

export function isReview(resource: Resource): boolean {
  return reviewResources.includes(resource);
}

const answers: Readonly<Record<string, Answer>> = {
  SelfSubjectAccessReview: (backend, caller, object) => accessOf(backend, caller, object),
  SubjectAccessReview: (backend, _caller, object) => accessOf(backend, subjectOf(object), object),
  LocalSubjectAccessReview: (backend, _caller, object) => accessOf(backend, subjectOf(object), object),
  SelfSubjectRulesReview: (backend, caller, object) => {
    const rules = rulesFor(backend, caller, textAt(object.spec, 'namespace'));
    const isAboutPaths = (rule: unknown) => listAt(rule, 'nonResourceURLs').length > 0;
    return {
      resourceRules: rules.filter((rule) => !isAboutPaths(rule)),
      nonResourceRules: rules.filter(isAboutPaths),
      incomplete: false,
    };
  },
  SelfSubjectReview: (_backend, caller) => ({ userInfo: userInfo(caller) }),
  TokenReview: (backend, _caller, object) => {
    const token = textAt(object.spec, 'token');
    if (token === '') throw badRequest('token is required for TokenReview in authentication');
    const found = backend.findToken(token) ?? tokenUser(backend, token);
    if (!found) return { user: {}, error: 'invalid bearer token' };
    return {
      authenticated: true,
      user: userInfo(withAuthenticated(found)),
      audiences: ['https://kubernetes.default.svc'],
    };
  },
};

/** The review with its answer in `status`; nothing is stored. */
export function answerReview(backend: Backend, request: WriteRequest, body: unknown): ApiObject {
  const object = decodeObject(request, body);
  const answer = answers[request.resource.kind];
  if (!answer) throw badRequest(`${request.resource.kind} has no answer`);
  if (request.resource.kind === 'SelfSubjectReview') {
    object.metadata = { ...object.metadata, creationTimestamp: timeText(backend) as never };
  }
  checkAttributes(request.resource, object);
  setManagedFields(object, managedFieldsAfter(backend, request, undefined, object));
  return { ...object, status: answer(backend, request.caller, object) };
}

/** 422 for a question that asks of nothing. The missing kind in the message is upstream's. */
function checkAttributes(resource: Resource, object: ApiObject): void {
  if (!resource.kind.endsWith('AccessReview')) return;
  const spec = recordAt(object, 'spec');
  if (spec.resourceAttributes !== undefined || spec.nonResourceAttributes !== undefined) return;
  const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
  throw invalid({ ...resource, kind: '' }, '', [
    { reason: 'FieldValueInvalid', field: 'spec.resourceAttributes', message },
  ]);
}

function accessOf(backend: Backend, caller: Caller, object: ApiObject): object {
  const allowed = isAllowed(backend, caller, attributesOf(object));
  return { allowed };
}

function attributesOf(object: ApiObject): Attributes {
  const path = recordAt(object.spec, 'nonResourceAttributes');
  if (typeof path.path === 'string') return { verb: textAt(path, 'verb'), group: '', path: path.path };
  const asked = recordAt(object.spec, 'resourceAttributes');
  const part = textAt(asked, 'subresource');
  return {
    verb: textAt(asked, 'verb'),
    group: textAt(asked, 'group'),
    resource: textAt(asked, 'resource') + (part === '' ? '' : `/${part}`),
    ...(textAt(asked, 'namespace') === '' ? {} : { namespace: textAt(asked, 'namespace') }),
    ...(textAt(asked, 'name') === '' ? {} : { name: textAt(asked, 'name') }),
  };
}

function subjectOf(object: ApiObject): Caller {
  const spec = isRecord(object.spec) ? object.spec : {};
  return { user: textAt(spec, 'user'), groups: listAt(spec, 'groups').filter((each) => typeof each === 'string') };
}

function userInfo(caller: Caller): object {
  const { user, groups, uid } = caller;
  return { username: user, ...(uid === undefined ? {} : { uid }), groups };
}
