/**
 * A user's own wishes for the pod, each a value at a JSON pointer into its spec (contract 3.8, 4.1): merged into what
 * the mapping makes, but for what Fabric's promises rest on. Pure.
 */
import type { PodSpec } from '../../kubernetes/objects.ts';
import { isObject } from './check-schema.ts';
import type { TaskIssue } from './errors.ts';

export interface PodSpecPatch {
  /** `/containers/0/resources`, `/volumes/-`. */
  readonly path: string;
  readonly value: unknown;
}

/** What a patch must not touch, and why. Matched against the pointer, with `*` for one step. */
const refusedPaths: readonly (readonly [RegExp, string])[] = [
  [/^\/restartPolicy(\/|$)/, 'each try is a pod of its own, whose log stays until it has been read'],
  [/^\/(containers|ephemeralContainers)$/, 'the containers as a whole are Fabric’s: change a member of /containers/0'],
  [/^\/containers\/\d+$|^\/containers\/-/, 'the container as a whole is Fabric’s: change a member of it'],
  [/^\/containers\/0\/(name|image|command|args)(\/|$)/, 'name, image, command and arguments come from the action'],
  [/^\/containers\/0\/restartPolicy/, 'each try is a pod of its own, whose log stays until it has been read'],
  [/^\/containers\/0\/env\/\d/, 'variables have no places of their own: add to /containers/0/env'],
  [/^\/containers\/[1-9]/, 'there is one container'],
  [/^\/serviceAccount(Name)?(\/|$)/, 'a skill must not act under an account that its user does not have'],
  [/^\/host(Network|PID|IPC|Users)(\/|$)/, 'a skill must not reach its node'],
  [/^\/(nodeName|schedulerName|priorityClassName|priority)(\/|$)/, 'where and before whom it runs is the cluster’s'],
  [/^\/?$/, 'the pod as a whole is Fabric’s: change a member of it'],
];

/** Values, wherever they stand in the merged spec, that give more than a skill may have. */
const refusedMembers: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  hostPath: () => 'a skill must not see the files of its node',
  privileged: (value) => (value === true ? 'a skill must not be privileged' : undefined),
  allowPrivilegeEscalation: (value) => (value === true ? 'a skill must not gain privileges' : undefined),
  automountServiceAccountToken: (value) =>
    value === true ? 'a skill must not act as an account of the cluster' : undefined,
  serviceAccountToken: () => 'a skill must not act as an account of the cluster',
  procMount: (value) => (value === 'Default' ? undefined : 'a skill must not see all of /proc'),
  hostPort: (value) => (value === 0 ? undefined : 'a skill must not take ports of its node'),
  hostProcess: (value) => (value === true ? 'a skill must not run as a process of its node' : undefined),
  capabilities: (value) => capabilityFault(memberOf(value, 'add')),
  seccompProfile: unconfined,
  appArmorProfile: unconfined,
  secretName: ownSecret,
  secretRef: (value) => ownSecret(memberOf(value, 'name')),
  secretKeyRef: (value) => ownSecret(memberOf(value, 'name')),
  secret: (value) => ownSecret(memberOf(value, 'name')),
};

function ownSecret(name: unknown): string | undefined {
  return typeof name === 'string' && name.startsWith('fabric-') ? `Secret ${name} is Fabric’s own` : undefined;
}

/** Those of the Pod Security Standard "baseline". */
const ordinaryCapabilities = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

function capabilityFault(added: unknown): string | undefined {
  if (!Array.isArray(added) || added.every((each) => ordinaryCapabilities.has(String(each)))) return undefined;
  return `a skill may have the capabilities ${[...ordinaryCapabilities].join(', ')}`;
}

function unconfined(value: unknown): string | undefined {
  return memberOf(value, 'type') === 'Unconfined' ? 'a skill must stay confined' : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

/** All patches together: the Job bears them in an annotation, and Kubernetes takes 256 KiB of those. */
const patchBytesMax = 64 * 1024;

export type WithPodSpec = { readonly spec: PodSpec } | { readonly issues: readonly TaskIssue[] };

/** The pod's spec with all patches in order: objects are merged, other values replaced, `-` appends to a list. */
export function withPodSpec(base: PodSpec, patches: readonly PodSpecPatch[], path = 'spec.podSpec'): WithPodSpec {
  if (patches.length === 0) return { spec: base };
  const bytes = Buffer.byteLength(JSON.stringify(patches), 'utf8');
  if (bytes > patchBytesMax)
    return { issues: [{ path, message: `has ${bytes} bytes, at most ${patchBytesMax} are allowed` }] };
  const issues: TaskIssue[] = [];
  let spec: unknown = structuredClone(base);
  for (const [index, patch] of patches.entries()) {
    const merged = patched(spec, patch);
    if ('fault' in merged) issues.push({ path: `${path}[${index}]`, message: merged.fault });
    else spec = merged.value;
  }
  return issues.length > 0 ? { issues } : { spec: spec as PodSpec };
}

/**
 * One patch on what is there. Judged is what comes of it: a value may become one that is refused by where it is put.
 */
function patched(spec: unknown, { path, value }: PodSpecPatch): Merged {
  const shown = JSON.stringify(path);
  const refused = refusedPaths.find(([pattern]) => pattern.test(path));
  if (refused) return { fault: `${shown} cannot be changed: ${refused[1]}` };
  if (!path.startsWith('/')) return { fault: `${shown} is no JSON pointer (RFC 6901): it begins with "/"` };
  const merged = mergedAt(spec, stepsOf(path), value);
  if ('fault' in merged) return { fault: `${shown}: ${merged.fault}` };
  const fault = memberFault(merged.value);
  return fault === undefined ? merged : { fault: `${shown} cannot have that value: ${fault}` };
}

function memberFault(value: unknown): string | undefined {
  if (Array.isArray(value)) return firstOf(value, memberFault);
  if (!isObject(value)) return undefined;
  return firstOf(Object.entries(value), ([name, member]) => {
    const judge = Object.hasOwn(refusedMembers, name) ? refusedMembers[name] : undefined;
    return judge?.(member) ?? memberFault(member);
  });
}

function firstOf<T>(list: readonly T[], find: (each: T) => string | undefined): string | undefined {
  for (const each of list) {
    const found = find(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

function stepsOf(pointer: string): string[] {
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Merged = { readonly value: unknown } | { readonly fault: string };

function mergedAt(target: unknown, steps: readonly string[], value: unknown): Merged {
  const [step, ...rest] = steps;
  if (step === undefined) return { value: mergedValue(target, value) };
  if (step === '__proto__') return { fault: '__proto__ is no member' };
  const isOfList = step === '-' || (target === undefined && /^\d+$/.test(step));
  if (Array.isArray(target) || isOfList) return mergedInList(target, step, rest, value);
  if (target !== undefined && !isObject(target)) return { fault: `there is no member ${JSON.stringify(step)}` };
  const inner = mergedAt(target && Object.hasOwn(target, step) ? target[step] : undefined, rest, value);
  return 'fault' in inner ? inner : { value: withMembers(target, [[step, inner.value]]) };
}

function mergedInList(target: unknown, step: string, rest: readonly string[], value: unknown): Merged {
  const list: readonly unknown[] = Array.isArray(target) ? target : [];
  if (target !== undefined && !Array.isArray(target)) return { fault: 'it is no list' };
  const index = step === '-' ? list.length : /^(0|[1-9]\d{0,4})$/.test(step) ? Number(step) : Number.NaN;
  if (!(index <= list.length)) return { fault: `${JSON.stringify(step)} is no place in a list of ${list.length}` };
  const inner = mergedAt(list[index], rest, value);
  if ('fault' in inner) return inner;
  if (inner.value === null) return { value: list.toSpliced(index, 1) };
  return { value: index === list.length ? joined(list, [inner.value]) : list.toSpliced(index, 1, inner.value) };
}

/** A member of the second that is called as one of the first takes its place: Kubernetes has no two of one name. */
function joined(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  const list = [...first];
  for (const each of second) {
    const key = keyOf(each);
    const place = key === undefined ? -1 : list.findIndex((other) => keyOf(other) === key);
    list.splice(place < 0 ? list.length : place, place < 0 ? 0 : 1, each);
  }
  return list;
}

/** By what Kubernetes tells the members of a list apart (its list-map keys); undefined where it does not. */
function keyOf(value: unknown): string | undefined {
  const key = (['mountPath', 'devicePath', 'containerPort', 'name'] as const).find((name) =>
    isScalar(memberOf(value, name)),
  );
  if (key === undefined) return undefined;
  return JSON.stringify([
    key,
    memberOf(value, key),
    key === 'containerPort' ? (memberOf(value, 'protocol') ?? 'TCP') : '',
  ]);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** Members of both; lists are joined, so that a second volume keeps the first. */
function mergedValue(target: unknown, value: unknown): unknown {
  if (Array.isArray(target) && Array.isArray(value)) return joined(target, value);
  if (!isObject(target) || !isObject(value)) return value;
  const entries = Object.entries(value).map(([name, member]) => [
    name,
    mergedValue(Object.hasOwn(target, name) ? target[name] : undefined, member),
  ]);
  return withMembers(target, entries as [string, unknown][]);
}

/** Null takes a member away (RFC 7396). */
function withMembers(target: object | undefined, members: readonly (readonly [string, unknown])[]): object {
  const merged = { ...target, ...Object.fromEntries(members) };
  return Object.fromEntries(Object.entries(merged).filter(([, member]) => member !== null));
}
