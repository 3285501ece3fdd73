/**
 * Answers of a real API server 1.36.3: what it said to each body or patch, word for word, and what it made of accepted
 * ones. Where the server shows a difference of its own structures, only the first line is recorded.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { prepareForCreate } from '../defaults/generated.ts';
import { applyBuiltInDefaults } from '../defaults/index.ts';
import type { FieldError } from '../errors.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge.ts';
import type { Json } from '../schema/json.ts';
import { structureOf } from '../schema/structure.ts';
import { semanticallyEqual } from './equal.ts';
import { validateCreate, validateUpdate, warningsFor } from './index.ts';
import type { KindOfObject } from './kind-of-object.ts';

type Anything = KubernetesObject & { spec?: unknown; status?: unknown };

interface Recorded {
  readonly name: string;
  readonly body?: Anything;
  readonly old?: Anything;
  readonly patch?: Json;
  /** True: a merge patch; else a strategic one. */
  readonly merge?: boolean;
  readonly subresource?: string;
  readonly code: number;
  readonly errors?: readonly string[];
  readonly reasons?: readonly string[];
  readonly warnings?: readonly string[];
  readonly result?: Anything;
}

const recorded: Recorded[] = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));
const clusterScoped = new Set(['Node', 'Namespace', 'ClusterRole', 'ClusterRoleBinding', 'CustomResourceDefinition']);
/** The uid of a Job stands in the errors about its generated labels. */
const uidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

function kindOf(object: KubernetesObject): KindOfObject {
  const { apiVersion = '', kind = '' } = object;
  const slash = apiVersion.indexOf('/');
  return { group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

function uidIn(one: Recorded): string {
  return one.result?.metadata?.uid ?? uidPattern.exec((one.errors ?? []).join())?.[0] ?? 'u';
}

interface Outcome {
  readonly object: Anything;
  readonly errors: readonly FieldError[];
  readonly warnings: readonly string[];
}

function create(one: Recorded, body: Anything): Outcome {
  const type = kindOf(body);
  const filled = applyBuiltInDefaults(type, body);
  const name = filled.metadata?.name || one.result?.metadata?.name;
  const namespace = clusterScoped.has(type.kind) ? {} : { namespace: filled.metadata?.namespace ?? 'val' };
  const named = { ...filled, metadata: { ...filled.metadata, ...(name ? { name } : {}), ...namespace } };
  const object = prepareForCreate(type, named, uidIn(one));
  return {
    // Defaults again, as when the object is read back from the store.
    object: applyBuiltInDefaults(type, object),
    errors: validateCreate(type, object),
    warnings: warningsFor(type, object),
  };
}

function update(one: Recorded, old: Anything): Outcome {
  const type = kindOf(old);
  const structure = structureOf(type.group, type.version, type.kind);
  if (!structure) throw new Error(`no structure for ${type.kind}`);
  const document = structuredClone(old) as unknown as Json;
  const patch = one.patch ?? {};
  const patched = one.merge ? applyMergePatch(document, patch) : applyStrategicMergePatch(document, patch, structure);
  const fresh = applyBuiltInDefaults(type, patched as unknown as Anything);
  const onStatus = one.subresource === 'status';
  const object: Anything = onStatus
    ? { ...fresh, spec: old.spec }
    : 'status' in old
      ? { ...fresh, status: old.status }
      : fresh;
  const before = old.metadata?.generation;
  const generation = before === undefined || semanticallyEqual(object.spec, old.spec) ? before : before + 1;
  const metadata = { ...object.metadata, ...(generation === undefined ? {} : { generation }) };
  const result = { ...object, metadata };
  return {
    object: result,
    errors: validateUpdate(type, result, old, one.subresource),
    warnings: onStatus ? [] : warningsFor(type, result, old),
  };
}

function texts(errors: readonly FieldError[]): string[] {
  return [...new Set(errors.map(textOf))].sort();
}

/** Of long messages, which print whole structures of the server, the end only. */
function textOf(error: FieldError): string {
  const [message = ''] = error.message.split('\n');
  return `${error.field}: ${message.length > 500 ? message.slice(-18) : message}`;
}

/** Without what only the server can know, and without empty lists, which it leaves out. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const dropped = new Set(['resourceVersion', 'creationTimestamp', 'lastTransitionTime']);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !dropped.has(key) && inner !== undefined && inner !== null)
      .filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0))
      .filter(([key, inner]) => !(key === 'metadata' && Object.keys(inner).length === 0))
      .map(([key, inner]) => [key, comparable(inner)]),
  );
}

describe('answers are those of the real API server', () => {
  test.each(recorded)('$name', (one) => {
    const outcome = one.body ? create(one, one.body) : update(one, one.old ?? {});
    expect(texts(outcome.errors)).toEqual(one.errors ?? []);
    expect([...new Set(outcome.errors.map((error) => error.reason))].sort()).toEqual(one.reasons ?? []);
    if (one.code < 400) expect(outcome.warnings).toEqual(one.warnings ?? []);
    if (one.result) expect(comparable(outcome.object)).toEqual(comparable(one.result));
  });
});
