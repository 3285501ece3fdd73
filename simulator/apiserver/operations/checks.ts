/** Validation of what is to be stored, by the rules of its kind, and what to warn of. */
import type { WriteRequest } from '../backend.ts';
import { shown } from '../backend.ts';
import { type FieldError, invalid } from '../errors.ts';
import type { ApiObject } from '../json.ts';
import type { Resource } from '../kinds/resource.ts';
import { validateCreate, validateUpdate, warningsFor } from '../validate/index.ts';

/** 422 with all that is wrong with a new object. */
export function checkNew(request: WriteRequest, object: ApiObject): void {
  const { resource } = request;
  const seen = shown(resource, object);
  const general = validateCreate(resource, seen);
  const errors = [...general, ...(resource.custom?.validate(object, undefined, general) ?? [])];
  refuse(resource, object, errors);
  for (const warning of warningsFor(resource, seen)) request.warn(warning);
}

/** 422 with all that is wrong with a change. */
export function checkChange(
  request: WriteRequest,
  object: ApiObject,
  old: ApiObject,
  subresource: string | undefined,
): void {
  const { resource } = request;
  const seen = shown(resource, object);
  const before = shown(resource, old);
  const errors = validateUpdate(resource, seen, before, subresource);
  refuse(resource, object, [...errors, ...(resource.custom?.validate(object, old, errors) ?? [])]);
  if (subresource !== undefined) return;
  for (const warning of warningsFor(resource, seen, before)) request.warn(warning);
}

function refuse(resource: Resource, object: ApiObject, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  // Events are judged in the shape that they are stored in.
  const judged = resource.table === 'events' ? { ...resource, group: '' } : resource;
  throw invalid(judged, object.metadata.name ?? '', errors);
}
