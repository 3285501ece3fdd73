/** Validation of what is to be stored, by the rules of its kind. */
import { type FieldError, invalid } from './errors.ts';
import type { ApiObject } from './json.ts';
import type { Resource } from './resource.ts';

export function checkNew(resource: Resource, object: ApiObject): void {
  refuse(resource, object, resource.custom ? resource.custom.validate(object) : []);
}

export function checkChange(
  resource: Resource,
  object: ApiObject,
  old: ApiObject,
  _subresource: string | undefined,
): void {
  refuse(resource, object, resource.custom ? resource.custom.validate(object, old) : []);
}

function refuse(resource: Resource, object: ApiObject, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(resource, object.metadata.name ?? '', errors);
}
