/**
 * Warnings: what the server accepts and yet advises against. Models WarningsForJobSpec and GetWarningsForPodTemplate.
 */

import { quote } from '../../../cron/go-text.ts';
import type { CronJob, Job, JobSpec, KubernetesObject, Pod, PodTemplate } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import { dnsLabel } from '../schema/names.ts';
import { warnAboutContainers } from './container-warnings.ts';

type Metadata = NonNullable<PodTemplate['metadata']>;
type Spec = Partial<NonNullable<PodTemplate['spec']>>;

/** The server prints the list of reasons as Go does. */
function nameWarning(object: KubernetesObject, use: string): string[] {
  const reasons = dnsLabel(object.metadata?.name ?? '');
  if (reasons.length === 0) return [];
  const consequence = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${consequence}: [${reasons.join(' ')}]`];
}

export function warnAboutJob(job: Job, old?: Job): string[] {
  if (old && job.metadata?.generation === old.metadata?.generation) return [];
  const spec = job.spec ? warnAboutJobSpec(job.spec, 'spec') : [];
  return old ? spec : [...nameWarning(job, 'Pod names and hostnames'), ...spec];
}

export function warnAboutCronJob(cronJob: CronJob, old?: CronJob): string[] {
  const template = cronJob.spec?.jobTemplate?.spec;
  const spec = template ? warnAboutJobSpec(template, 'spec.jobTemplate.spec') : [];
  if (!old) return [...nameWarning(cronJob, 'Pod names and hostnames'), ...spec];
  const warnings = cronJob.metadata?.generation === old.metadata?.generation ? [] : spec;
  if (cronJob.spec?.schedule?.includes('TZ')) {
    // The path is upstream's own slip.
    warnings.push(
      'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details',
    );
  }
  return warnings;
}

function warnAboutJobSpec(spec: JobSpec, path: string): string[] {
  const many = (spec.completions ?? 0) > 100_000 && (spec.parallelism ?? 0) > 10_000;
  const warnings = warnAboutTemplate(spec.template, `${path}.template`);
  if (spec.completionMode !== 'Indexed' || !many) return warnings;
  const text =
    'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';
  return [`${path}: ${text}`, ...warnings];
}

/** Updates of a pod are not warned about: they come from the node agent. */
export function warnAboutPod(pod: Pod, old?: Pod): string[] {
  if (old) return [];
  return [...nameWarning(pod, "the Pod's hostname"), ...warnAboutSpec(pod.spec ?? {}, pod.metadata ?? {}, '')];
}

/** A Deployment or ReplicaSet. */
export function warnAboutReplicated(
  object: KubernetesObject & { spec?: { template?: PodTemplate } },
  old?: KubernetesObject,
): string[] {
  const template = warnAboutTemplate(object.spec?.template, 'spec.template');
  if (!old) return [...nameWarning(object, 'Pod names and hostnames'), ...template];
  return object.metadata?.generation === old.metadata?.generation ? [] : template;
}

/** A template of a Deployment, ReplicaSet, Job. */
function warnAboutTemplate(template: PodTemplate | undefined, path: string): string[] {
  return warnAboutSpec(template?.spec ?? {}, template?.metadata ?? {}, `${path}.`);
}

function warnAboutSpec(spec: Spec, metadata: Metadata, prefix: string): string[] {
  return [
    ...Object.keys(spec.nodeSelector ?? {})
      .sort()
      .flatMap((label) => nodeLabelWarning(label, `${prefix}spec.nodeSelector[${label}]`)),
    ...warnAboutSpread(spec, prefix),
    ...annotationWarnings(metadata, prefix),
    ...(spec.volumes ?? []).flatMap((volume, index) =>
      Object.keys(volume).flatMap((member) => {
        const text = ownMember(oldVolumes, member);
        return text === undefined ? [] : [`${prefix}spec.volumes[${index}].${member}: ${text}`];
      }),
    ),
    ...warnAboutPullSecrets(spec, prefix),
    ...warnAboutHostAliases(spec, prefix),
    ...warnAboutContainers(spec, prefix),
    ...warnAboutGrace(spec, prefix),
    ...warnAboutAffinity(spec, prefix),
  ];
}

const oldLabels: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
};

function nodeLabelWarning(label: string, path: string): string[] {
  const text = ownMember(oldLabels, label);
  return text === undefined ? [] : [`${path}: ${text}`];
}

function warnAboutSpread(spec: Spec, prefix: string): string[] {
  return (spec.topologySpreadConstraints ?? []).flatMap((constraint, index) => {
    const path = `${prefix}spec.topologySpreadConstraints[${index}]`;
    const old = ownMember(oldLabels, constraint.topologyKey);
    return [
      ...(old === undefined ? [] : [`${path}.topologyKey: ${constraint.topologyKey} is ${old}`]),
      ...(constraint.labelSelector ? [] : [`${path}.labelSelector: a null labelSelector results in matching no pod`]),
    ];
  });
}

const oldAnnotations: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

function annotationWarnings(metadata: Metadata, prefix: string): string[] {
  return Object.entries(oldAnnotations)
    .filter(([key]) => metadata.annotations?.[key] !== undefined)
    .map(([key, text]) => `${prefix}metadata.annotations[${key}]: ${text}`);
}

const oldVolumes: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

function warnAboutPullSecrets(spec: Spec, prefix: string): string[] {
  const secrets = spec.imagePullSecrets ?? [];
  const path = (index: number) => `${prefix}spec.imagePullSecrets[${index}].name`;
  const repeated = secrets.flatMap((secret, index) =>
    secrets.findIndex((other) => other.name === secret.name) < index
      ? [`${path(index)}: duplicate name ${quote(secret.name ?? '')}`]
      : [],
  );
  const empty = secrets.flatMap((secret, index) => (secret.name ? [] : [`${path(index)}: invalid empty name ""`]));
  return [...repeated, ...empty];
}

function warnAboutHostAliases(spec: Spec, prefix: string): string[] {
  const aliases = spec.hostAliases ?? [];
  return aliases.flatMap((alias, index) =>
    aliases.findIndex((other) => other.ip === alias.ip) < index
      ? [`${prefix}spec.hostAliases[${index}].ip: duplicate ip ${quote(alias.ip)}`]
      : [],
  );
}

function warnAboutGrace(spec: Spec, prefix: string): string[] {
  return (spec.terminationGracePeriodSeconds ?? 0) < 0
    ? [
        `${prefix}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
      ]
    : [];
}

const nullSelector = 'a null labelSelector results in matching no pod';

function warnAboutAffinity(spec: Spec, prefix: string): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((member) => {
    const path = `${prefix}spec.affinity.${member}`;
    const rules = spec.affinity?.[member];
    const requiredTerms = rules?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferredTerms = rules?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return [
      ...requiredTerms.flatMap((term, index) => {
        const at = `${path}.requiredDuringSchedulingIgnoredDuringExecution[${index}].labelSelector`;
        return term.labelSelector ? [] : [`${at}: ${nullSelector}`];
      }),
      ...preferredTerms.flatMap((term, index) => {
        const at = `${path}.preferredDuringSchedulingIgnoredDuringExecution[${index}].podAffinityTerm.labelSelector`;
        return term.podAffinityTerm?.labelSelector ? [] : [`${at}: ${nullSelector}`];
      }),
    ];
  });
}

/** Custom resources may use any finalizer, but are told to qualify new ones. */
export function warnAboutFinalizers(object: KubernetesObject, old?: KubernetesObject): string[] {
  const known = new Set([...(old?.metadata?.finalizers ?? []), 'orphan', 'foregroundDeletion', 'kubernetes']);
  const added = [...new Set(object.metadata?.finalizers ?? [])].filter(
    (name) => !known.has(name) && !name.includes('/'),
  );
  const advice = (name: string) =>
    `prefer a domain-qualified finalizer name ${name.includes('.') ? 'including a path (/) ' : ''}to avoid accidental conflicts with other finalizer writers`;
  return added.sort().map((name) => `metadata.finalizers: ${quote(name)}: ${advice(name)}`);
}
