/** Labels and label selectors: their validity, and whether a selector matches. */

import type { V1LabelSelectorRequirement } from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { labelValueReasons, qualifiedName } from '../schema/names.ts';
import type { LabelSelector, Labels } from '../selectors/label-requirements.ts';
import { forbidden, invalid, invalids, required } from './field.ts';

export function validateLabels(labels: Labels | undefined, path: string): FieldError[] {
  return Object.entries(labels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, value]) => [
      ...invalids(path, key, qualifiedName(key)),
      ...invalids(path, value, labelValueReasons(value)),
    ]);
}

export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  if (!selector) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((requirement, index) =>
      validateRequirement(requirement, `${path}.matchExpressions[${index}]`),
    ),
  ];
}

function validateRequirement(requirement: Wire<V1LabelSelectorRequirement>, path: string): FieldError[] {
  const values = requirement.values ?? [];
  return [
    ...validateOperator(requirement.operator, values.length, path),
    ...invalids(`${path}.key`, requirement.key ?? '', qualifiedName(requirement.key ?? '')),
    ...values.flatMap((value, index) => invalids(`${path}.values[${index}]`, value, labelValueReasons(value))),
  ];
}

function validateOperator(operator: string | undefined, values: number, path: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values > 0 ? [] : [required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values === 0
        ? []
        : [forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')];
  }
}
