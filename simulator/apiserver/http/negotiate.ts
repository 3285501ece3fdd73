/** Which form of answer the client accepts, and what form its body has. Source: semantics 1.2. */
import { ownMember } from '../../../world/members.ts';
import { ApiError } from '../errors.ts';

/** `Object`: as stored. */
export type AnswerShape = 'Object' | 'Table' | 'PartialObjectMetadata' | 'APIGroupDiscoveryList';

export interface Answer {
  readonly media: 'json' | 'yaml';
  readonly shape: AnswerShape;
  /** The version asked for with `v=`, when a shape was. */
  readonly version: string;
}

const plain: Answer = { media: 'json', shape: 'Object', version: '' };
const bodyTypes = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const streamTypes = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';

const shapes: Readonly<Record<string, AnswerShape>> = {
  Table: 'Table',
  PartialObjectMetadata: 'PartialObjectMetadata',
  PartialObjectMetadataList: 'PartialObjectMetadata',
  APIGroupDiscoveryList: 'APIGroupDiscoveryList',
};

const known = new Map<string, readonly Answer[]>();
const knownMax = 200;

/** The first form in the client's order that the server has. 406 when there is none. */
export function negotiate(accept: string | undefined, allowed: readonly AnswerShape[], custom = false): Answer {
  if (!accept || accept === '*/*' || accept === 'application/json') return plain;
  const answer = clausesOf(accept).find((each) => allowed.includes(each.shape));
  if (answer) return answer;
  if (custom || accept.split(',').some(isKnownMedia)) {
    throw new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${bodyTypes}`);
  }
  const message = `406: Not Acceptable\n\nAvailable representations: ${bodyTypes}, ${streamTypes}`;
  throw new ApiError(406, 'NotAcceptable', message, {});
}

function isKnownMedia(clause: string): boolean {
  return mediaOf(clause.split(';')[0]?.trim() ?? '') !== undefined;
}

function clausesOf(accept: string): readonly Answer[] {
  let clauses = known.get(accept);
  if (!clauses) {
    if (known.size >= knownMax) known.clear();
    clauses = accept.split(',').flatMap((clause) => parseClause(clause));
    known.set(accept, clauses);
  }
  return clauses;
}

function parseClause(clause: string): Answer[] {
  const [media = '', ...parameters] = clause.split(';').map((part) => part.trim());
  const named = new Map(parameters.map((each) => each.split('=') as [string, string]));
  const form = mediaOf(media);
  if (!form) return [];
  const as = named.get('as');
  if (as === undefined) return [{ media: form, shape: 'Object', version: '' }];
  const shape = ownMember(shapes, as);
  return shape ? [{ media: form, shape, version: named.get('v') ?? 'v1' }] : [];
}

function mediaOf(media: string): 'json' | 'yaml' | undefined {
  if (media === 'application/json' || media === '*/*' || media === 'application/*') return 'json';
  return media === 'application/yaml' ? 'yaml' : undefined;
}

export type BodyForm = 'json' | 'yaml' | 'protobuf';

const bodyForms: Readonly<Record<string, BodyForm>> = {
  '': 'json',
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};

/** The form of a body by its Content-Type; nothing means JSON. 415 for other types. */
export function bodyForm(contentType: string | undefined): BodyForm {
  const form = ownMember(bodyForms, (contentType ?? '').split(';')[0]?.trim() ?? '');
  if (form) return form;
  throw unsupportedMedia(
    `the body of the request was in an unknown format - accepted media types include: ${bodyTypes}`,
  );
}

export function unsupportedMedia(message: string, details?: object): ApiError {
  return new ApiError(415, 'UnsupportedMediaType', message, details);
}
