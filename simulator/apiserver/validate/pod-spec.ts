/**
 * The spec of a pod, alone or inside a template. Defaults have been applied before.
 * Models ValidatePodSpec and ValidatePodTemplateSpec; volumes and devices beyond the common ones are passed through.
 */
import type { V1PodSecurityContext, V1PodSpec } from '@kubernetes/client-node';
import type { PodTemplate, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, dnsSubdomain, inclusiveRange, ipAddress, qualifiedName, userId } from '../schema/names.ts';
import { type PodContext, validateInitContainers, validateMainContainers } from './containers.ts';
import { forbidden, invalid, invalids, oneOf, required } from './field.ts';
import { validateLabels } from './labels.ts';
import { validateAnnotations } from './metadata.ts';
import {
  validateAffinity,
  validateSchedulingGates,
  validateTolerations,
  validateTopologySpread,
} from './scheduling.ts';
import { validateVolumes } from './volumes.ts';

export type PodSpec = Wire<V1PodSpec>;

const maximumInteger = 2147483647;

export function validatePodTemplate(template: PodTemplate | undefined, path: string): FieldError[] {
  const spec = template?.spec;
  return [
    ...validateLabels(template?.metadata?.labels, `${path}.labels`),
    ...validateAnnotations(template?.metadata?.annotations, `${path}.annotations`),
    ...validatePodSpec(spec, `${path}.spec`, false),
    ...((spec?.ephemeralContainers ?? []).length > 0
      ? [forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

/** `ofPod`: the spec is a pod's own, not a template's. */
export function validatePodSpec(spec: PodSpec | undefined, path: string, ofPod: boolean): FieldError[] {
  const given: Partial<PodSpec> = spec ?? {};
  const main = given.containers ?? [];
  const volumes = validateVolumes(given.volumes ?? [], `${path}.volumes`);
  const context: PodContext = {
    volumes: volumes.names,
    claims: new Set((given.resourceClaims ?? []).map((claim) => claim.name)),
    gracePeriodSeconds: given.terminationGracePeriodSeconds,
  };
  return [
    ...(given.terminationGracePeriodSeconds === undefined ? [required(`${path}.terminationGracePeriodSeconds`)] : []),
    ...volumes.errors,
    ...validateMainContainers(main, context, `${path}.containers`),
    ...validateInitContainers(given.initContainers ?? [], main, context, `${path}.initContainers`),
    ...validateHostNetworkPorts(given, path, ofPod),
    ...oneOf(`${path}.restartPolicy`, given.restartPolicy, ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${path}.dnsPolicy`, given.dnsPolicy, ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']),
    ...validateLabels(given.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(given.securityContext, `${path}.securityContext`),
    ...validateAffinity(given.affinity, `${path}.affinity`),
    ...validateReadinessGates(given, `${path}.readinessGates`),
    ...validateSchedulingGates(given.schedulingGates ?? [], `${path}.schedulingGates`),
    ...validateTopologySpread(given.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...validateNamesInSpec(given, path),
    ...validateDeadline(given.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`),
    ...validateHostNames(given, path),
    ...validateTolerations(given.tolerations ?? [], `${path}.tolerations`),
    ...validateHostAliases(given, `${path}.hostAliases`),
    ...validateClasses(given, path),
    ...(given.dnsPolicy === 'None' && given.dnsConfig === undefined
      ? [required(`${path}.dnsConfig`, 'must provide `dnsConfig` when `dnsPolicy` is None')]
      : []),
    ...(given.os ? oneOf(`${path}.os`, given.os.name, ['linux', 'windows']) : []),
  ];
}

function validateHostNetworkPorts(spec: Partial<PodSpec>, path: string, ofPod: boolean): FieldError[] {
  if (!spec.hostNetwork) return [];
  return (spec.containers ?? []).flatMap((container, index) =>
    (container.ports ?? []).flatMap((port, portIndex) => {
      const hostPort = port.hostPort ?? 0;
      if (hostPort === port.containerPort || (!ofPod && hostPort === 0)) return [];
      const field = `${path}.containers[${index}].ports[${portIndex}].hostPort`;
      return [invalid(field, hostPort, 'must match `containerPort` when `hostNetwork` is true')];
    }),
  );
}

function validatePodSecurityContext(context: Wire<V1PodSecurityContext> | undefined, path: string): FieldError[] {
  if (!context) return [];
  const changePolicies = ['Always', 'OnRootMismatch'];
  return [
    ...(['fsGroup', 'runAsUser', 'runAsGroup'] as const).flatMap((member) => {
      const id = context[member];
      return id === undefined ? [] : invalids(`${path}.${member}`, id, userId(id));
    }),
    ...(context.supplementalGroups ?? []).flatMap((id, index) =>
      invalids(`${path}.supplementalGroups[${index}]`, id, userId(id)),
    ),
    ...(context.fsGroupChangePolicy === undefined
      ? []
      : oneOf(`${path}.fsGroupChangePolicy`, context.fsGroupChangePolicy, changePolicies)),
  ];
}

function validateReadinessGates(spec: Partial<PodSpec>, path: string): FieldError[] {
  return (spec.readinessGates ?? []).flatMap((gate, index) =>
    invalids(`${path}[${index}].conditionType`, gate.conditionType, qualifiedName(gate.conditionType ?? '')),
  );
}

function validateNamesInSpec(spec: Partial<PodSpec>, path: string): FieldError[] {
  return (['serviceAccountName', 'nodeName'] as const).flatMap((member) => {
    const name = spec[member];
    return name ? invalids(`${path}.${member}`, name, dnsSubdomain(name)) : [];
  });
}

function validateDeadline(seconds: number | undefined, path: string): FieldError[] {
  if (seconds === undefined || (seconds >= 1 && seconds <= maximumInteger)) return [];
  return [invalid(path, seconds, inclusiveRange(1, maximumInteger))];
}

function validateHostNames(spec: Partial<PodSpec>, path: string): FieldError[] {
  return (['hostname', 'subdomain'] as const).flatMap((member) => {
    const name = spec[member];
    return name ? invalids(`${path}.${member}`, name, dnsLabel(name)) : [];
  });
}

function validateHostAliases(spec: Partial<PodSpec>, path: string): FieldError[] {
  return (spec.hostAliases ?? []).flatMap(({ ip }, index) => invalids(`${path}[${index}].ip`, ip, ipAddress(ip)));
}

function validateClasses(spec: Partial<PodSpec>, path: string): FieldError[] {
  const { priorityClassName: priority, runtimeClassName: runtime, preemptionPolicy } = spec;
  return [
    ...(priority ? invalids(`${path}.priorityClassName`, priority, dnsSubdomain(priority)) : []),
    ...(runtime === undefined ? [] : invalids(`${path}.runtimeClassName`, runtime, dnsSubdomain(runtime))),
    ...(preemptionPolicy === undefined
      ? []
      : oneOf(`${path}.preemptionPolicy`, preemptionPolicy, ['PreemptLowerPriority', 'Never'])),
  ];
}
