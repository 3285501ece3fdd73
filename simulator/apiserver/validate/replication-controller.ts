/** ReplicationControllers: selector and template. Upstream: `ValidateReplicationController`. */

import type { PodTemplate, ReplicationController } from '../../../kubernetes/objects.ts';
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { dnsSubdomain } from '../schema/names.ts';
import { forbidden, invalid, nonNegative, notSupported, required } from './field.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';
import { validatePodTemplate } from './pod-spec.ts';

const rule = { namespaced: true, name: dnsSubdomain, qualifiedFinalizers: true } as const;

export function validateReplicationController(controller: ReplicationController): FieldError[] {
  return [...validateMetadata(controller, rule), ...validateSpec(controller)];
}

export function validateReplicationControllerUpdate(
  controller: ReplicationController,
  old: ReplicationController,
): FieldError[] {
  return [...validateMetadataUpdate(controller, old), ...validateSpec(controller)];
}

function validateSpec(controller: ReplicationController): FieldError[] {
  const { replicas, minReadySeconds, selector = {}, template } = controller.spec ?? {};
  const empty = Object.keys(selector).length === 0;
  return [
    ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...(empty ? [required('spec.selector')] : []),
    ...nonNegative('spec.replicas', replicas),
    ...validateTemplate(template, selector),
  ];
}

function validateTemplate(template: PodTemplate | undefined, selector: Readonly<Record<string, string>>): FieldError[] {
  const path = 'spec.template';
  if (!template) return [required(path)];
  const labels = template.metadata?.labels;
  const matches = Object.entries(selector).every(([key, value]) => ownMember(labels, key) === value);
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  return [
    ...(matches ? [] : [invalid(`${path}.metadata.labels`, labels, '`selector` does not match template `labels`')]),
    ...validatePodTemplate(template, path),
    ...(restartPolicy === 'Always' ? [] : [notSupported(`${path}.spec.restartPolicy`, restartPolicy, ['Always'])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            `${path}.spec.activeDeadlineSeconds`,
            'activeDeadlineSeconds in ReplicationController is not Supported',
          ),
        ]),
  ];
}
