/**
 * What Go makes of an object when it writes it. Members of structures that are neither pointers nor `omitempty` are
 * written though nobody set them: their OpenAPI schema has a default (`""`, `0`, `false`, `{}`); times of that kind
 * have none, and stand here by name. Empty lists and maps are not written, unless they are required.
 */
import { setMember } from '../json.ts';
import { isObject, type Json } from './json.ts';
import type { Structure } from './structure.ts';

/** Times and lists that are written as null when they are not set, by the name of their type without its package. */
const nullMembers: Readonly<Record<string, readonly string[]>> = {
  'storage.v1.CSINodeDriver': ['topologyKeys'],
  'batch.v1.JobCondition': ['lastProbeTime', 'lastTransitionTime'],
  'core.v1.PodCondition': ['lastProbeTime', 'lastTransitionTime'],
  'core.v1.NodeCondition': ['lastHeartbeatTime', 'lastTransitionTime'],
  'core.v1.ContainerStateRunning': ['startedAt'],
  'core.v1.ContainerStateTerminated': ['finishedAt', 'startedAt'],
  'apps.v1.DeploymentCondition': ['lastTransitionTime', 'lastUpdateTime'],
  'apps.v1.ReplicaSetCondition': ['lastTransitionTime'],
  'apps.v1.StatefulSetCondition': ['lastTransitionTime'],
  'apps.v1.DaemonSetCondition': ['lastTransitionTime'],
  'meta.v1.Condition': ['lastTransitionTime'],
  'apiextensions.v1.CustomResourceDefinitionCondition': ['lastTransitionTime'],
  'apiextensions.v1.CustomResourceDefinitionStatus': ['conditions', 'storedVersions'],
  'core.v1.NamespaceCondition': ['lastTransitionTime'],
  'core.v1.Event': ['eventTime', 'firstTimestamp', 'lastTimestamp'],
  'rbac.v1.Role': ['rules'],
  'rbac.v1.ClusterRole': ['rules'],
};

/** References whose name has a default and is yet left out when it is empty. */
const mayBeUnnamed = /\.(?:LocalObjectReference|\w+(?:EnvSource|KeySelector|Projection)|ConfigMapVolumeSource)$/;

interface Written {
  readonly name: string;
  readonly value: Json;
  readonly structure: Structure;
}

interface Plan {
  readonly written: readonly Written[];
  /** Members in which something may be written. */
  readonly deeper: ReadonlyMap<string, Structure>;
}

const plans = new WeakMap<Structure, Plan>();
const reaching = new WeakMap<Structure, boolean>();
/** Frozen values in which nothing is missing. */
const complete = new WeakSet<object>();

/** The value with all that is always written; the very same one when nothing is missing. */
export function withWrittenMembers<T>(structure: Structure, value: T): T {
  return completed(structure, value) as T;
}

function completed(structure: Structure, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || complete.has(value)) return value;
  const result = Array.isArray(value) ? completedList(structure, value) : completedObject(structure, value);
  if (result === value && Object.isFrozen(value)) complete.add(value);
  return result;
}

function completedList(structure: Structure, list: readonly unknown[]): unknown {
  const { items } = structure;
  if (items === undefined || !reaches(items)) return list;
  let isSame = true;
  const copy = list.map((item) => {
    const whole = completed(items, item);
    if (whole !== item) isSame = false;
    return whole;
  });
  return isSame ? list : copy;
}

function completedObject(structure: Structure, value: object): unknown {
  if (!isObject(value)) return value;
  let copy: Record<string, unknown> | undefined;
  const { written, deeper } = planOf(structure);
  for (const { name, value: zero, structure: child } of written) {
    if (Object.hasOwn(value, name) && value[name] !== undefined && (value[name] !== null || zero === null)) continue;
    copy ??= { ...value };
    copy[name] = isObject(zero) ? completed(child, {}) : zero;
  }
  for (const name of structure.values ? Object.keys(value) : deeper.keys()) {
    const child = structure.values ?? deeper.get(name);
    const inner = value[name];
    if (child === undefined || typeof inner !== 'object' || inner === null) continue;
    const whole = completed(child, inner);
    if (whole === inner) continue;
    copy ??= { ...value };
    setMember(copy, name, whole);
  }
  return copy ?? value;
}

/** Its schema has defaults that are no zeros of Go. */
const leavesOut = /\.ReplicationControllerSpec$/;

function planOf(structure: Structure): Plan {
  const known = plans.get(structure);
  if (known) return known;
  const written: Written[] = [];
  const deeper = new Map<string, Structure>();
  const nulls = nullMembersOf(structure.typeName);
  for (const [name, child] of structure.fields ?? []) {
    if (child.present === true) written.push({ name, value: {}, structure: child });
    else if (nulls.includes(name)) written.push({ name, value: null, structure: child });
    else if (
      isScalar(child.default) &&
      !leavesOut.test(structure.typeName ?? '') &&
      !(name === 'name' && mayBeUnnamed.test(structure.typeName ?? ''))
    )
      written.push({ name, value: child.default, structure: child });
    if (reaches(child)) deeper.set(name, child);
  }
  const plan = { written, deeper };
  plans.set(structure, plan);
  return plan;
}

function nullMembersOf(typeName = ''): readonly string[] {
  return nullMembers[typeName.split('.').slice(-3).join('.')] ?? [];
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** The value without empty lists and maps that Go leaves out; the very same one when there are none. */
export function withoutEmptyMembers<T>(structure: Structure, value: T): T {
  return emptied(structure, value) as T;
}

/** Frozen values in which no member is empty. */
const full = new WeakSet<object>();

function emptied(structure: Structure, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || full.has(value)) return value;
  let copy: Record<string, unknown> | undefined;
  if (Array.isArray(value)) {
    const { items } = structure;
    if (items === undefined || !value.some((item) => typeof item === 'object')) return value;
    const list = value.map((item) => emptied(items, item));
    return list.some((item, index) => item !== value[index]) ? list : value;
  }
  for (const [name, inner] of Object.entries(value)) {
    // An empty list of owners says that they shall be forgotten.
    if (typeof inner !== 'object' || inner === null || name === 'managedFields') continue;
    const child = structure.fields?.get(name) ?? structure.values;
    if (child === undefined) continue;
    const rest = emptied(child, inner);
    const isLeftOut = structure.fields !== undefined && !structure.required?.includes(name) && isEmpty(child, rest);
    if (rest === inner && !isLeftOut) continue;
    copy ??= { ...value };
    if (isLeftOut) delete copy[name];
    else setMember(copy, name, rest);
  }
  if (copy === undefined && Object.isFrozen(value)) full.add(value);
  return copy ?? value;
}

function isEmpty({ type }: Structure, value: unknown): boolean {
  if (type === 'list') return Array.isArray(value) && value.length === 0;
  return type === 'map' && isObject(value) && Object.keys(value).length === 0;
}

/**
 * True when something may be written somewhere in it. Types that hold themselves count as such while they are looked
 * at.
 */
function reaches(structure: Structure): boolean {
  const known = reaching.get(structure);
  if (known !== undefined) return known;
  if (structure.type !== 'object' && structure.type !== 'map' && structure.type !== 'list') return false;
  reaching.set(structure, true);
  const { items, values } = structure;
  const inner = items ?? values;
  const found = inner ? reaches(inner) : planOf(structure).written.length > 0 || planOf(structure).deeper.size > 0;
  reaching.set(structure, found);
  return found;
}
