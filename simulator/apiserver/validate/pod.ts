/** Pods: create, update and status. Models ValidatePodCreate, ValidatePodUpdate and ValidatePodStatusUpdate. */
import type { Container, ContainerStatus, Pod } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain, inclusiveRange, ipAddress, qualifiedName } from '../schema/names.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, immutableMessage, invalid, invalids, required } from './field.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { type PodSpec, validatePodSpec } from './pod-spec.ts';
import { validateTolerations } from './scheduling.ts';

export function validatePod(pod: Pod): FieldError[] {
  const spec = pod.spec;
  return [
    ...validateMetadataAndSpec(pod),
    ...validateProfiles(pod),
    ...((spec?.ephemeralContainers ?? []).length > 0
      ? [forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : []),
    ...(spec?.nodeName && (spec.schedulingGates ?? []).length > 0
      ? [forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared')]
      : []),
  ];
}

const profilePrefix = 'seccomp.security.alpha.kubernetes.io/';
const profile = /^(?:runtime\/default|docker\/default|unconfined|localhost\/.+)$/;

/** Annotations from before pods had a member for it. They are looked at still. */
function validateProfiles(pod: Pod): FieldError[] {
  return Object.entries(pod.metadata?.annotations ?? {})
    .filter(
      ([name, value]) =>
        /^(?:pod|container\.)/.test(name.slice(profilePrefix.length)) &&
        name.startsWith(profilePrefix) &&
        !profile.test(value),
    )
    .map(([name, value]) => invalid(`metadata.annotations.${name}`, value, 'must be a valid seccomp profile'));
}

const metadataRule = { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true };

function validateMetadataAndSpec(pod: Pod): FieldError[] {
  return [
    ...validateMetadata(pod, metadataRule),
    ...validatePodSpec(pod.spec, 'spec', true),
    ...validateTokens(pod),
    ...validateImages(pod.spec?.containers ?? [], 'spec.containers'),
    ...validateImages(pod.spec?.initContainers ?? [], 'spec.initContainers'),
  ];
}

/** A projected token is that of a service account. */
function validateTokens(pod: Pod): FieldError[] {
  if (pod.spec?.serviceAccountName) return [];
  return (pod.spec?.volumes ?? []).flatMap((volume, index) =>
    (volume.projected?.sources ?? []).flatMap((source, position) => {
      const path = `spec.volumes[${index}].projected.sources[${position}].serviceAccountToken`;
      const detail = 'must not be specified when serviceAccountName is not set';
      return source.serviceAccountToken ? [forbidden(path, detail)] : [];
    }),
  );
}

/** Templates may surround an image with white space, pods may not. */
function validateImages(containers: readonly Container[], path: string): FieldError[] {
  return containers.flatMap((container, index) => {
    const image = container.image ?? '';
    if (image.trim() === image) return [];
    return [invalid(`${path}[${index}].image`, image, 'must not have leading or trailing whitespace')];
  });
}

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  if (pod.spec !== undefined && pod.spec === old.spec) {
    // What is said of the spec was said when it was stored.
    return [...validateMetadataUpdate(pod, old), ...validateMetadata(pod, metadataRule)];
  }
  const errors = [...validateMetadataUpdate(pod, old), ...validateMetadataAndSpec(pod)];
  const spec: Partial<PodSpec> = pod.spec ?? {};
  const before: Partial<PodSpec> = old.spec ?? {};
  for (const member of ['containers', 'initContainers'] as const) {
    const fresh = spec[member] ?? [];
    if (fresh.length !== (before[member] ?? []).length) {
      return [...errors, forbidden(`spec.${member}`, 'pod updates may not add or remove containers')];
    }
    errors.push(...validateUpdatedImages(fresh, `spec.${member}`));
  }
  const deadline = validateDeadlineUpdate(spec.activeDeadlineSeconds, before.activeDeadlineSeconds);
  errors.push(...deadline.errors);
  if (deadline.final) return errors;
  errors.push(...validateTolerationsUpdate(spec, before), ...validateGatesUpdate(spec, before));
  return [...errors, ...validateRest(spec, before)];
}

function validateUpdatedImages(containers: readonly Container[], path: string): FieldError[] {
  const missing = containers.flatMap((container, index) =>
    container.image ? [] : [required(`${path}[${index}].image`)],
  );
  return [...missing, ...validateImages(containers, path)];
}

/** A pod's deadline may be set once and then only come nearer. `final`: nothing else is asked. */
function validateDeadlineUpdate(
  seconds: number | undefined,
  before: number | undefined,
): { errors: FieldError[]; final: boolean } {
  const path = 'spec.activeDeadlineSeconds';
  if (seconds === undefined) {
    const detail = 'must not update from a positive integer to nil value';
    return { errors: before === undefined ? [] : [invalid(path, null, detail)], final: false };
  }
  if (seconds < 0 || seconds > 2147483647) {
    return { errors: [invalid(path, seconds, inclusiveRange(0, 2147483647))], final: true };
  }
  if (before !== undefined && before < seconds) {
    return { errors: [invalid(path, seconds, 'must be less than or equal to previous value')], final: true };
  }
  return { errors: [], final: false };
}

/** Tolerations may be added; of an old one only the seconds may change. */
function validateTolerationsUpdate(spec: Partial<PodSpec>, before: Partial<PodSpec>): FieldError[] {
  const path = 'spec.tolerations';
  const fresh = spec.tolerations ?? [];
  const kept = (before.tolerations ?? []).every((old) =>
    fresh.some((toleration) =>
      semanticallyEqual({ ...old, tolerationSeconds: toleration.tolerationSeconds }, toleration),
    ),
  );
  if (!kept) return [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
  return validateTolerations(fresh, path);
}

function validateGatesUpdate(spec: Partial<PodSpec>, before: Partial<PodSpec>): FieldError[] {
  const known = new Set((before.schedulingGates ?? []).map((gate) => gate.name));
  return (spec.schedulingGates ?? []).flatMap((gate, index) => {
    if (known.has(gate.name)) return [];
    const detail = `only deletion is allowed, but found new scheduling gate '${gate.name}'`;
    return [forbidden(`spec.schedulingGates[${index}].name`, detail)];
  });
}

const updatable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** Everything else stands still. The server shows a difference of its own structures here; this names the members. */
function validateRest(spec: Partial<PodSpec>, before: Partial<PodSpec>): FieldError[] {
  const expected: Partial<PodSpec> = {
    ...before,
    activeDeadlineSeconds: spec.activeDeadlineSeconds,
    tolerations: spec.tolerations,
    schedulingGates: spec.schedulingGates,
    containers: withImagesOf(spec.containers ?? [], before.containers ?? []),
    initContainers: withImagesOf(spec.initContainers ?? [], before.initContainers ?? []),
  };
  if ((before.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1) {
    expected.terminationGracePeriodSeconds = 1;
  }
  if ((before.schedulingGates ?? []).length > 0) {
    expected.nodeSelector = { ...spec.nodeSelector, ...before.nodeSelector };
    expected.affinity = { ...before.affinity, nodeAffinity: spec.affinity?.nodeAffinity };
  }
  const members = [...new Set([...Object.keys(spec), ...Object.keys(expected)])] as (keyof PodSpec)[];
  const changed = members.filter((member) => !semanticallyEqual(spec[member], expected[member])).sort();
  if (changed.length === 0) return [];
  return [forbidden('spec', `pod updates may not change fields other than ${updatable}\n${changed.join('\n')}`)];
}

function withImagesOf(fresh: readonly Container[], before: readonly Container[]): Container[] {
  return before.map((container, index) => ({ ...container, image: fresh[index]?.image }));
}

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const { status = {}, spec } = pod;
  const before = old.status ?? {};
  const errors = [...validateMetadataUpdate(pod, old), ...validateConditions(pod)];
  if (!semanticallyEqual(status.podIPs, before.podIPs)) {
    (status.podIPs ?? []).forEach(({ ip }, index) => {
      errors.push(...invalids(`status.podIPs[${index}]`, ip, ipAddress(ip)));
    });
  }
  if ((spec?.nodeName ?? '') !== (old.spec?.nodeName ?? '')) {
    errors.push(forbidden('status.nodeName', 'may not be changed directly'));
  }
  if ((status.qosClass ?? '') !== (before.qosClass ?? '')) {
    errors.push(invalid('status.qosClass', status.qosClass ?? '', immutableMessage));
  }
  for (const member of ['containerStatuses', 'initContainerStatuses'] as const) {
    errors.push(...validateTransitions(status[member] ?? [], before[member] ?? [], old, member));
  }
  return errors;
}

function validateConditions(pod: Pod): FieldError[] {
  return (pod.status?.conditions ?? []).flatMap((condition, index) =>
    invalids(`status.conditions[${index}].Type`, condition.type, qualifiedName(condition.type ?? '')),
  );
}

/** A container that has ended and will not be restarted stays ended. */
function validateTransitions(
  fresh: readonly ContainerStatus[],
  before: readonly ContainerStatus[],
  pod: Pod,
  member: 'containerStatuses' | 'initContainerStatuses',
): FieldError[] {
  return before.flatMap((old, index) => {
    const ended = old.state?.terminated;
    const status = fresh.find((candidate) => candidate.name === old.name);
    if (!ended || !status || status.state?.terminated) return [];
    if (mayRestart(pod, old.name, ended.exitCode, member)) return [];
    return [forbidden(`status.${member}[${index}].state`, 'may not be transitioned to non-terminated state')];
  });
}

function mayRestart(pod: Pod, name: string, exitCode: number, member: string): boolean {
  const containers = member === 'containerStatuses' ? pod.spec?.containers : pod.spec?.initContainers;
  const own = containers?.find((container) => container.name === name);
  if ((own?.restartPolicyRules ?? []).length > 0) return true;
  // An init container that succeeded runs again when its pod's sandbox is made anew.
  const policy = own?.restartPolicy ?? pod.spec?.restartPolicy;
  if (policy === 'Always') return true;
  return policy === 'OnFailure' && (exitCode !== 0 || member === 'initContainerStatuses');
}
