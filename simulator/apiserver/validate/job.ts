/**
 * Jobs at create and update of the spec. Defaults and generated labels stand in the object already. Models ValidateJob
 * and ValidateJobSpecUpdate; semantics 3.2. An update is checked as a whole and then against the old Job, so that a
 * fault of the object is named twice: so does the server.
 */

import type { Job, JobSpec, PodTemplate } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, dnsSubdomain, domainPath } from '../schema/names.ts';
import { selectorMatches } from '../selectors/label-requirements.ts';
import { semanticallyEqual } from './equal.ts';
import {
  goStructure,
  immutableMessage,
  invalid,
  invalids,
  nonNegative,
  notSupported,
  required,
  tooLong,
} from './field.ts';
import { validateFailurePolicy, validateSuccessPolicy } from './job-policies.ts';
import { validateLabelSelector } from './labels.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { validatePodTemplate } from './pod-spec.ts';

const controllerUid = 'batch.kubernetes.io/controller-uid';
const jobName = 'batch.kubernetes.io/job-name';

const parallelismMax = 100_000;
const failedIndexesMax = 100_000;
const completionsSoftLimit = 100_000;
const parallelismMaxForMany = 10_000;
const failedIndexesMaxForMany = 10_000;
const managedByBytesMax = 63;

export function validateJob(job: Job): FieldError[] {
  const spec = job.spec ?? emptySpec;
  return [
    ...validateMetadata(job, { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true }),
    ...validateGeneratedSelector(job, spec),
    ...validateFullSpec(spec, 'spec'),
    ...validateIndexedHostName(job, spec),
  ];
}

const emptySpec = { template: {} } as JobSpec;

/** Labels and selector that creation generates must be there, unless the selector is the user's. */
function validateGeneratedSelector(job: Job, spec: JobSpec): FieldError[] {
  if (spec.manualSelector || !spec.selector) return [];
  const { uid = '', name = '' } = job.metadata ?? {};
  const labels = spec.template?.metadata?.labels ?? {};
  const expected = { 'controller-uid': uid, 'job-name': name, [controllerUid]: uid, [jobName]: name };
  const errors = Object.entries(expected).flatMap(([key, value]) => validateHasLabel(labels, key, value));
  if (uid === '') errors.unshift(required('metadata.uid'));
  const readable = validateLabelSelector(spec.selector, 'spec.selector').length === 0;
  if (readable && !selectorMatches(spec.selector, expected)) {
    errors.push(invalid('spec.selector', spec.selector, '`selector` not auto-generated'));
  }
  return errors;
}

function validateHasLabel(labels: Readonly<Record<string, string>>, key: string, expected: string): FieldError[] {
  const field = `spec.template.metadata.labels[${key}]`;
  const actual = ownMember(labels, key);
  if (actual === undefined) return [required(field, `must be '${expected}'`)];
  return actual === expected ? [] : [invalid(field, labels, `must be '${expected}'`)];
}

/** The pods' host names are the Job's name and the index. */
function validateIndexedHostName(job: Job, spec: JobSpec): FieldError[] {
  const completions = spec.completions ?? 0;
  if (spec.completionMode !== 'Indexed' || completions <= 0) return [];
  const name = job.metadata?.name ?? '';
  const host = `${name}-${completions - 1}`;
  if (dnsLabel(host).length === 0) return [];
  return [invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${host}`)];
}

function validateFullSpec(spec: JobSpec, path: string): FieldError[] {
  const labels = spec.template?.metadata?.labels;
  // An unreadable selector is named by itself; whether it matches is then not asked.
  const selectorErrors = spec.selector
    ? validateLabelSelector(spec.selector, `${path}.selector`)
    : [required(`${path}.selector`)];
  const unreadable = spec.selector !== undefined && selectorErrors.length > 0;
  return [
    ...validateJobSpec(spec, path),
    ...selectorErrors,
    ...(unreadable || selectorMatches(spec.selector, labels ?? {})
      ? []
      : [invalid(`${path}.template.metadata.labels`, labels, '`selector` does not match template `labels`')]),
  ];
}

/** A Job's spec without its selector: also that of a CronJob's template. */
export function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  return [
    ...validateNumbers(spec, path),
    ...validateManagedBy(spec.managedBy, `${path}.managedBy`),
    ...validateCompletionMode(spec, path),
    ...(spec.podFailurePolicy ? validateFailurePolicy(spec, `${path}.podFailurePolicy`) : []),
    ...validateSuccess(spec, `${path}.successPolicy`),
    ...validateReplacementPolicy(spec, `${path}.podReplacementPolicy`),
    ...validatePodTemplate(spec.template, `${path}.template`),
    ...validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`),
  ];
}

const numbers = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;

function validateNumbers(spec: JobSpec, path: string): FieldError[] {
  const errors = numbers.flatMap((member) => nonNegative(`${path}.${member}`, spec[member]));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined) {
    errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  }
  return errors;
}

/** `domain/path`, at most 63 bytes. */
function validateManagedBy(manager: string | undefined, path: string): FieldError[] {
  if (manager === undefined) return [];
  const long = Buffer.byteLength(manager) > managedByBytesMax ? [tooLong(path, managedByBytesMax)] : [];
  return [...validateDomainPath(manager, path), ...long];
}

function validateDomainPath(text: string, path: string): FieldError[] {
  if (text === '') return [required(path)];
  const slash = text.indexOf('/');
  const domain = text.slice(0, Math.max(slash, 0));
  const rest = text.slice(slash + 1);
  if (domain === '' || rest === '') {
    return [invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  return [...invalids(path, domain, dnsSubdomain(domain)), ...invalids(path, rest, domainPath(rest))];
}

function validateCompletionMode(spec: JobSpec, path: string): FieldError[] {
  const mode = spec.completionMode ?? 'NonIndexed';
  if (mode === 'Indexed') return validateIndexed(spec, path);
  if (mode !== 'NonIndexed') return [notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed'])];
  return (['backoffLimitPerIndex', 'maxFailedIndexes'] as const)
    .filter((member) => spec[member] !== undefined)
    .map((member) => invalid(`${path}.${member}`, spec[member], 'requires indexed completion mode'));
}

function validateIndexed(spec: JobSpec, path: string): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes = 0 } = spec;
  const errors: FieldError[] = [];
  if (completions === undefined) errors.push(required(`${path}.completions`, 'when completion mode is Indexed'));
  if (parallelism > parallelismMax) {
    const detail = `must be less than or equal to ${parallelismMax} when completion mode is Indexed`;
    errors.push(invalid(`${path}.parallelism`, parallelism, detail));
  }
  const at = `${path}.maxFailedIndexes`;
  if (completions !== undefined && maxFailedIndexes > completions) {
    errors.push(invalid(at, maxFailedIndexes, 'must be less than or equal to completions'));
  }
  if (maxFailedIndexes > failedIndexesMax) {
    errors.push(invalid(at, maxFailedIndexes, `must be less than or equal to ${failedIndexesMax}`));
  }
  return [...errors, ...validateManyIndexes(spec, path)];
}

/** Above 100,000 completions with a limit for each index, the lists of failed indexes must stay short. */
function validateManyIndexes(spec: JobSpec, path: string): FieldError[] {
  const { completions = 0, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completions <= completionsSoftLimit || backoffLimitPerIndex === undefined) return [];
  const when = `when completions are above ${completionsSoftLimit} and used with backoff limit per index`;
  const errors: FieldError[] = [];
  if (maxFailedIndexes === undefined) {
    const detail = `must be specified when completions is above ${completionsSoftLimit}`;
    errors.push(required(`${path}.maxFailedIndexes`, detail));
  }
  if (parallelism > parallelismMaxForMany) {
    const detail = `must be less than or equal to ${parallelismMaxForMany} ${when}`;
    errors.push(invalid(`${path}.parallelism`, parallelism, detail));
  }
  if ((maxFailedIndexes ?? 0) > failedIndexesMaxForMany) {
    const detail = `must be less than or equal to ${failedIndexesMaxForMany} ${when}`;
    errors.push(invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, detail));
  }
  return errors;
}

function validateSuccess(spec: JobSpec, path: string): FieldError[] {
  if (!spec.successPolicy) return [];
  if (spec.completionMode !== 'Indexed') return [invalid(path, goPolicy(spec), 'requires indexed completion mode')];
  return validateSuccessPolicy(spec, path);
}

function goPolicy(spec: JobSpec): object {
  const rules = spec.successPolicy?.rules ?? [];
  return { Rules: rules.map((rule) => goStructure(rule, ['succeededIndexes', 'succeededCount'])) };
}

function validateReplacementPolicy(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.podReplacementPolicy;
  const supported = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  return policy === undefined || supported.includes(policy) ? [] : [notSupported(path, policy, supported)];
}

/** Always is what an absent policy defaults to in a template, so both count as missing. */
function validateRestartPolicy(spec: JobSpec, path: string): FieldError[] {
  const policy = spec.template?.spec?.restartPolicy || 'Always';
  if (policy === 'Always') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return spec.podFailurePolicy && policy !== 'Never'
    ? [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

export function validateJobUpdate(job: Job, old: Job): FieldError[] {
  if (isSpecShared(job, old)) {
    const rule = { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true };
    return [...validateMetadata(job, rule), ...validateMetadataUpdate(job, old)];
  }
  const spec = job.spec ?? emptySpec;
  const before = old.spec ?? emptySpec;
  return [
    ...validateJob(job),
    ...validateMetadataUpdate(job, old),
    ...validateFullSpec(spec, 'spec'),
    ...validateCompletionsUpdate(spec, before),
    ...unchanged('selector', spec, before),
    ...validateTemplateUpdate(spec, old),
    ...(['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const).flatMap(
      (member) => unchanged(member, spec, before),
    ),
  ];
}

/** Then what is said of the spec, which uid and name have a part in, was said when it was stored. */
function isSpecShared(job: Job, old: Job): boolean {
  const isSame = job.metadata?.uid === old.metadata?.uid && job.metadata?.name === old.metadata?.name;
  return isSame && job.spec !== undefined && job.spec === old.spec;
}

function unchanged(member: keyof JobSpec, spec: JobSpec, before: JobSpec): FieldError[] {
  return semanticallyEqual(spec[member], before[member])
    ? []
    : [invalid(`spec.${member}`, spec[member], immutableMessage)];
}

/** An Indexed Job is scaled by completions and parallelism together. */
function validateCompletionsUpdate(spec: JobSpec, before: JobSpec): FieldError[] {
  if (spec.completionMode !== 'Indexed') return unchanged('completions', spec, before);
  if (spec.completions === before.completions || spec.completions === undefined) return [];
  if (spec.completions === spec.parallelism) return [];
  return [invalid('spec.completions', spec.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** Suspended without active pods, and never started or stopped for good: then the template may change in part. */
function isTemplateOpen(old: Job): boolean {
  const conditions = old.status?.conditions ?? [];
  const stopped = conditions.some((condition) => condition.type === 'Suspended' && condition.status === 'True');
  return old.spec?.suspend === true && (old.status?.startTime === undefined || stopped) && !old.status?.active;
}

function validateTemplateUpdate(spec: JobSpec, old: Job): FieldError[] {
  const open = isTemplateOpen(old);
  const before = old.spec?.template ?? {};
  const allowed = open ? withSchedulingOf(spec.template, before) : before;
  if (open) {
    const expected = withResourcesOf(spec.template, allowed);
    return semanticallyEqual(spec.template?.spec, expected.spec)
      ? []
      : [invalid('spec.template.spec', spec.template?.spec, immutableMessage)];
  }
  return semanticallyEqual(spec.template, allowed) ? [] : [invalid('spec.template', spec.template, immutableMessage)];
}

/** The old template with those directives of the new one that decide where pods run. */
function withSchedulingOf(template: PodTemplate, before: PodTemplate): PodTemplate {
  const { nodeSelector, tolerations, schedulingGates, affinity } = template.spec ?? {};
  if (!before.spec) return before;
  const others = { ...before.spec.affinity, nodeAffinity: affinity?.nodeAffinity };
  return {
    metadata: { ...before.metadata, labels: template.metadata?.labels, annotations: template.metadata?.annotations },
    spec: { ...before.spec, nodeSelector, tolerations, schedulingGates, affinity: others },
  };
}

/** The old template with the new one's container resources, if the containers are the same. */
function withResourcesOf(template: PodTemplate, before: PodTemplate): PodTemplate {
  if (!before.spec) return before;
  const result = { ...before.spec };
  for (const member of ['containers', 'initContainers'] as const) {
    const fresh = template.spec?.[member] ?? [];
    const known = before.spec[member] ?? [];
    if (fresh.length !== known.length) continue;
    result[member] = known.map((container, index) =>
      container.name === fresh[index]?.name ? { ...container, resources: fresh[index]?.resources } : container,
    );
  }
  return { ...before, spec: result };
}
