/** Deployments and ReplicaSets: selector, template, strategy. */
import type { V1Deployment, V1DeploymentStrategy, V1ReplicaSet } from '@kubernetes/client-node';
import type { PodTemplate, Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain } from '../schema/names.ts';
import { type LabelSelector, selectorMatches } from '../selectors/label-requirements.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, goStructure, immutableMessage, invalid, nonNegative, notSupported, required } from './field.ts';
import { validateLabelSelector } from './labels.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { validatePodTemplate } from './pod-spec.ts';

type Deployment = Wire<V1Deployment>;
type ReplicaSet = Wire<V1ReplicaSet>;

const rule = { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true } as const;

export function validateDeployment(deployment: Deployment): FieldError[] {
  return [...validateMetadata(deployment, rule), ...validateDeploymentSpec(deployment)];
}

export function validateDeploymentUpdate(deployment: Deployment, old: Deployment): FieldError[] {
  return [
    ...validateMetadataUpdate(deployment, old),
    ...validateDeploymentSpec(deployment),
    ...validateSelectorKept(deployment, old),
  ];
}

function validateSelectorKept(object: Deployment | ReplicaSet, old: Deployment | ReplicaSet): FieldError[] {
  const selector = object.spec?.selector;
  return semanticallyEqual(selector, old.spec?.selector) ? [] : [invalid('spec.selector', selector, immutableMessage)];
}

function validateDeploymentSpec(deployment: Deployment): FieldError[] {
  const spec: Partial<NonNullable<Deployment['spec']>> = deployment.spec ?? {};
  const ready = spec.minReadySeconds ?? 0;
  return [
    ...nonNegative('spec.replicas', spec.replicas),
    ...validateSelector(spec.selector, spec.template, 'deployment'),
    ...validateStrategy(spec.strategy),
    ...nonNegative('spec.minReadySeconds', ready),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
    ...nonNegative('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds),
    ...(spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds <= ready
      ? [invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds')]
      : []),
  ];
}

function validateStrategy(strategy: Wire<V1DeploymentStrategy> | undefined): FieldError[] {
  const path = 'spec.strategy';
  if (strategy?.type === 'Recreate' && strategy.rollingUpdate) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return [forbidden(`${path}.rollingUpdate`, detail)];
  }
  const types = ['Recreate', 'RollingUpdate'];
  if (types.includes(strategy?.type ?? '')) return [];
  return [notSupported(path, goStructure(strategy ?? {}, ['type', 'rollingUpdate']), types)];
}

function validateSelector(
  selector: LabelSelector | undefined,
  template: PodTemplate | undefined,
  owner: string,
): FieldError[] {
  const labels = template?.metadata?.labels;
  const path = 'spec.selector';
  const empty = selector && semanticallyEqual(selector, {});
  return [
    ...(selector ? validateLabelSelector(selector, path) : [required(path)]),
    ...(empty ? [invalid(path, selector, `empty selector is invalid for ${owner}`)] : []),
    ...(empty || selectorMatches(selector, labels ?? {})
      ? []
      : [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]),
    ...validatePodTemplate(template, 'spec.template'),
    ...validateAlways(template),
  ];
}

function validateAlways(template: PodTemplate | undefined): FieldError[] {
  const policy = template?.spec?.restartPolicy;
  return policy === 'Always' ? [] : [notSupported('spec.template.spec.restartPolicy', policy, ['Always'])];
}

function validateNoDeadline(template: PodTemplate | undefined, kind: string): FieldError[] {
  if (template?.spec?.activeDeadlineSeconds === undefined) return [];
  return [forbidden('spec.template.spec.activeDeadlineSeconds', `activeDeadlineSeconds in ${kind} is not Supported`)];
}

export function validateReplicaSet(set: ReplicaSet): FieldError[] {
  return [...validateMetadata(set, rule), ...validateReplicaSetSpec(set)];
}

export function validateReplicaSetUpdate(set: ReplicaSet, old: ReplicaSet): FieldError[] {
  return [...validateMetadataUpdate(set, old), ...validateReplicaSetSpec(set), ...validateSelectorKept(set, old)];
}

function validateReplicaSetSpec(set: ReplicaSet): FieldError[] {
  const { replicas, minReadySeconds, selector, template } = set.spec ?? {};
  return [
    ...nonNegative('spec.replicas', replicas),
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...validateSelector(selector, template, 'deployment'),
    ...validateNoDeadline(template, 'ReplicaSet'),
  ];
}
