/**
 * Where a pod may run: tolerations, node and pod affinity, topology spread, scheduling gates; and the taints of nodes.
 */
import type {
  V1Affinity,
  V1NodeSelectorRequirement,
  V1NodeSelectorTerm,
  V1PodAffinityTerm,
  V1Taint,
  V1Toleration,
  V1TopologySpreadConstraint,
} from '@kubernetes/client-node';
import type { Wire } from '../../../kubernetes/objects.ts';
import type { FieldError } from '../errors.ts';
import { dnsLabel, dnsSubdomain, labelValueReasons, qualifiedName } from '../schema/names.ts';
import { duplicate, forbidden, goStructure, invalid, invalids, notSupported, required } from './field.ts';
import { validateLabelSelector } from './labels.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(tolerations: readonly Wire<V1Toleration>[], path: string): FieldError[] {
  return tolerations.flatMap((toleration, index) => validateToleration(toleration, `${path}[${index}]`));
}

function validateToleration(toleration: Wire<V1Toleration>, path: string): FieldError[] {
  const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
  const errors = key === '' ? [] : invalids(`${path}.key`, key, qualifiedName(key));
  if (key === '' && operator !== 'Exists') {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    errors.push(invalid(`${path}.operator`, operator, detail));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalid(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  }
  errors.push(...validateTolerationOperator(operator, toleration.value ?? '', path));
  if (effect !== '' && !effects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, effects));
  return errors;
}

function validateTolerationOperator(operator: string, value: string, path: string): FieldError[] {
  const at = `${path}.operator`;
  switch (operator) {
    case '':
    case 'Equal': {
      const reasons = labelValueReasons(value);
      return reasons.length === 0 ? [] : [invalid(at, value, reasons.join(';'))];
    }
    case 'Exists':
      return value === '' ? [] : [invalid(at, value, "value must be empty when `operator` is 'Exists'")];
    case 'Lt':
    case 'Gt':
      return [notSupported(at, operator, ['Equal', 'Exists', 'Lt', 'Gt'])];
    default:
      return [notSupported(at, operator, ['Equal', 'Exists'])];
  }
}

export function validateTaints(taints: readonly Wire<V1Taint>[], path: string): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, index) => {
    const at = `${path}[${index}]`;
    const reasons = labelValueReasons(taint.value ?? '');
    const pair = `${taint.key} ${taint.effect}`;
    const repeated = seen.has(pair);
    seen.add(pair);
    return [
      ...invalids(`${at}.key`, taint.key ?? '', qualifiedName(taint.key ?? '')),
      ...(reasons.length > 0 ? [invalid(`${at}.value`, taint.value, reasons.join(';'))] : []),
      ...validateTaintEffect(taint.effect ?? '', `${at}.effect`),
      ...(repeated
        ? [
            duplicate(
              at,
              goStructure(taint, ['key', 'value', 'effect', 'timeAdded']),
              'taints must be unique by key and effect pair',
            ),
          ]
        : []),
    ];
  });
}

function validateTaintEffect(effect: string, path: string): FieldError[] {
  if (effect === '') return [required(path)];
  return effects.includes(effect) ? [] : [notSupported(path, effect, effects)];
}

export function validateAffinity(affinity: Wire<V1Affinity> | undefined, path: string): FieldError[] {
  if (!affinity) return [];
  const { nodeAffinity: node } = affinity;
  const requiredTerms = node?.requiredDuringSchedulingIgnoredDuringExecution;
  const errors: FieldError[] = [];
  if (requiredTerms) {
    const at = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
    errors.push(...validateNodeSelectorTerms(requiredTerms.nodeSelectorTerms ?? [], at));
  }
  for (const [index, term] of (node?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
    const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
    errors.push(...validateWeight(term.weight, at), ...validateNodeTerm(term.preference, `${at}.preference`, true));
  }
  for (const member of ['podAffinity', 'podAntiAffinity'] as const) {
    const rules = affinity[member];
    for (const [index, term] of (rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const at = `${path}.${member}.requiredDuringSchedulingIgnoredDuringExecution[${index}]`;
      errors.push(...validatePodTerm(term, at));
    }
    for (const [index, term] of (rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const at = `${path}.${member}.preferredDuringSchedulingIgnoredDuringExecution[${index}]`;
      errors.push(
        ...validateWeight(term.weight, at),
        ...validatePodTerm(term.podAffinityTerm, `${at}.podAffinityTerm`),
      );
    }
  }
  return errors;
}

function validateWeight(weight: number | undefined, path: string): FieldError[] {
  const value = weight ?? 0;
  return value > 0 && value <= 100 ? [] : [invalid(`${path}.weight`, value, 'must be in the range 1-100')];
}

function validateNodeSelectorTerms(terms: readonly Wire<V1NodeSelectorTerm>[], path: string): FieldError[] {
  if (terms.length === 0) return [required(path, 'must have at least one node selector term')];
  return terms.flatMap((term, index) => validateNodeTerm(term, `${path}[${index}]`, false));
}

/** Preferred terms may hold values that are no labels: a cluster of one node can still satisfy them. */
function validateNodeTerm(term: Wire<V1NodeSelectorTerm>, path: string, anyValue: boolean): FieldError[] {
  return [
    ...(term?.matchExpressions ?? []).flatMap((requirement, index) =>
      validateNodeRequirement(requirement, `${path}.matchExpressions[${index}]`, anyValue),
    ),
    ...(term?.matchFields ?? []).flatMap((requirement, index) =>
      validateNodeField(requirement, `${path}.matchFields[${index}]`),
    ),
  ];
}

function validateNodeRequirement(
  requirement: Wire<V1NodeSelectorRequirement>,
  path: string,
  anyValue: boolean,
): FieldError[] {
  const { key = '', values = [] } = requirement;
  return [
    ...validateNodeOperator(requirement.operator, values.length, path),
    ...invalids(`${path}.key`, key, qualifiedName(key)),
    ...(anyValue
      ? []
      : values.flatMap((value, index) => invalids(`${path}.values[${index}]`, value, labelValueReasons(value)))),
  ];
}

function validateNodeOperator(operator: string | undefined, values: number, path: string): FieldError[] {
  const at = `${path}.values`;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values > 0 ? [] : [required(at, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values === 0 ? [] : [forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values === 1 ? [] : [required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator')];
  }
}

function validateNodeField(requirement: Wire<V1NodeSelectorRequirement>, path: string): FieldError[] {
  const { key = '', operator = '', values = [] } = requirement;
  const errors: FieldError[] = [];
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(`${path}.values`, detail));
  }
  if (key !== 'metadata.name') {
    errors.push(invalid(`${path}.key`, key, 'not a valid field selector key'));
  } else {
    errors.push(...values.flatMap((value, index) => invalids(`${path}.values[${index}]`, value, dnsSubdomain(value))));
  }
  return errors;
}

function validatePodTerm(term: Wire<V1PodAffinityTerm> | undefined, path: string): FieldError[] {
  const key = term?.topologyKey ?? '';
  return [
    ...validateLabelSelector(term?.labelSelector, `${path}.labelSelector`),
    ...validateLabelSelector(term?.namespaceSelector, `${path}.namespaceSelector`),
    ...(term?.namespaces ?? []).flatMap((name) => invalids(`${path}.namespace`, name, dnsLabel(name))),
    ...(key === '' ? [required(`${path}.topologyKey`, 'can not be empty')] : []),
    ...invalids(`${path}.topologyKey`, key, qualifiedName(key)),
  ];
}

export function validateTopologySpread(
  constraints: readonly Wire<V1TopologySpreadConstraint>[],
  path: string,
): FieldError[] {
  const actions = ['DoNotSchedule', 'ScheduleAnyway'];
  return constraints.flatMap((constraint, index) => {
    const at = `${path}[${index}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '' } = constraint;
    const repeated = constraints
      .slice(index + 1)
      .some((other) => other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable);
    return [
      ...(maxSkew > 0 ? [] : [invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero')]),
      ...(topologyKey === '' ? [required(`${at}.topologyKey`, 'can not be empty')] : []),
      ...(actions.includes(whenUnsatisfiable)
        ? []
        : [notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, actions)]),
      ...(repeated
        ? [duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`)]
        : []),
      ...validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`),
    ];
  });
}

export function validateSchedulingGates(gates: readonly { name: string }[], path: string): FieldError[] {
  const seen = new Set<string>();
  return gates.flatMap((gate, index) => {
    const repeated = seen.has(gate.name) ? [duplicate(`${path}[${index}]`, gate.name)] : [];
    seen.add(gate.name);
    return [...invalids(`${path}[${index}]`, gate.name, qualifiedName(gate.name ?? '')), ...repeated];
  });
}
