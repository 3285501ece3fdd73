/**
 * Claims, Endpoints, limits, quotas, StatefulSets, DaemonSets, priority classes and disruption budgets: the rules that
 * a writer of manifests comes upon. Source: upstream pkg/apis/{core,apps,scheduling,policy}/validation.
 */
import { ownMember } from '../../../world/members.ts';
import type { FieldError } from '../errors.ts';
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import { dnsLabel, dnsSubdomain, ipAddress } from '../schema/names.ts';
import { type LabelSelector, selectorMatches } from '../selectors/label-requirements.ts';
import { semanticallyEqual } from './equal.ts';
import { forbidden, invalid, nonNegative, notSupported, required } from './field.ts';
import { validateLabelSelector } from './labels.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { compareQuantities, parseQuantity } from './quantity.ts';
import { type Check, clusterWide, namespaced, type StoredRule } from './stored-rule.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** May change in a claim that is there: what is asked for, and the class of attributes. */
const openOfClaims = ['resources', 'volumeAttributesClassName'];

const checkClaim: Check = (object, old) => {
  const spec = recordAt(object, 'spec');
  const modes = listAt(spec, 'accessModes');
  const requests = recordAt(recordAt(spec, 'resources'), 'requests');
  const closed = (members: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !openOfClaims.includes(name)));
  const detail =
    'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
  return [
    ...(modes.length === 0 ? [required('spec.accessModes', 'at least 1 access mode is required')] : []),
    ...modes
      .filter((mode) => !accessModes.includes(String(mode)))
      .map((mode) => notSupported('spec.accessModes', mode, accessModes)),
    ...(requests.storage === undefined ? [required('spec.resources[storage]')] : []),
    ...(old && !semanticallyEqual(closed(spec), closed(recordAt(old, 'spec'))) ? [forbidden('spec', detail)] : []),
  ];
};

const checkEndpoints: Check = (object) =>
  listAt(object, 'subsets').flatMap((subset, index) => {
    const path = `subsets[${index}]`;
    const addresses = [...listAt(subset, 'addresses'), ...listAt(subset, 'notReadyAddresses')];
    return [
      ...(addresses.length === 0 ? [required(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
      ...listAt(subset, 'addresses').flatMap((address, place) => {
        const ip = textAt(address, 'ip');
        const field = `${path}.addresses[${place}].ip`;
        if (ipAddress(ip).length === 0) return [];
        return [
          invalid(field, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
          invalid(field, ip, 'must be a valid IP address'),
        ];
      }),
    ];
  });

/** True if the first is more than the second; what is no quantity is not compared. */
function exceeds(one: unknown, other: unknown): boolean {
  const [left, right] = [parseQuantity(String(one)), parseQuantity(String(other))];
  return left !== undefined && right !== undefined && compareQuantities(left, right) > 0;
}

/** Pairs in their order: the first may not be more than the second; the refusal stands at the last of the three. */
const bounds = [
  ['min', 'max', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min value', 'default value'],
  ['default', 'max', 'default', 'default value', 'max value'],
] as const;

const checkLimits: Check = ({ spec }) =>
  listAt(spec, 'limits').flatMap((limit, index) => {
    const members = isRecord(limit) ? limit : {};
    const amounts = (name: string) => recordAt(members, name);
    const names = new Set(['max', 'min', 'default', 'defaultRequest'].flatMap((name) => Object.keys(amounts(name))));
    return [...names].sort().flatMap((resource) =>
      bounds.flatMap(([low, high, place, lowWord, highWord]) => {
        const [one, other] = [ownMember(amounts(low), resource), ownMember(amounts(high), resource)];
        if (one === undefined || other === undefined || !exceeds(one, other)) return [];
        const shown = place === 'default' ? ownMember(amounts('min'), resource) : ownMember(amounts(place), resource);
        const detail = `${lowWord} ${String(one)} is greater than ${highWord} ${String(other)}`;
        return [invalid(`spec.limits[${index}].${place}[${resource}]`, shown, detail)];
      }),
    );
  });

const checkQuota: Check = ({ spec }) =>
  Object.entries(recordAt(spec, 'hard')).flatMap(([name, amount]) =>
    String(amount).startsWith('-') ? [invalid(`spec.hard[${name}]`, amount, 'must be greater than or equal to 0')] : [],
  );

/** Of what makes pods by a template: the template, and that the selector selects them. */
function checkTemplate(spec: Readonly<Record<string, unknown>>, what: string): FieldError[] {
  const template = recordAt(spec, 'template');
  const selector = isRecord(spec.selector) ? (spec.selector as LabelSelector) : undefined;
  const labels = recordAt(recordAt(template, 'metadata'), 'labels') as Readonly<Record<string, string>>;
  const empty = selector !== undefined && semanticallyEqual(selector, {});
  return [
    ...(selector ? validateLabelSelector(selector, 'spec.selector') : [required('spec.selector')]),
    ...(empty ? [invalid('spec.selector', selector, `empty selector is invalid for ${what}`)] : []),
    ...(empty || selectorMatches(selector, labels)
      ? []
      : [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')]),
    ...validatePodTemplate(template as never, 'spec.template'),
  ];
}

/** What may change in a StatefulSet. */
const openOfSets = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

const checkStatefulSet: Check = (object, old) => {
  const spec = recordAt(object, 'spec');
  const closed = (members: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(members).filter(([name]) => !openOfSets.includes(name)));
  const fields =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [
    ...nonNegative('spec.replicas', Number(spec.replicas ?? 0)),
    ...nonNegative('spec.minReadySeconds', Number(spec.minReadySeconds ?? 0)),
    ...checkTemplate(spec, 'statefulset'),
    ...(old && !semanticallyEqual(closed(spec), closed(recordAt(old, 'spec')))
      ? [forbidden('spec', `updates to statefulset spec for fields other than ${fields} are forbidden`)]
      : []),
  ];
};

const checkDaemonSet: Check = (object, old) => {
  const spec = recordAt(object, 'spec');
  return [
    ...checkTemplate(spec, 'daemonset'),
    ...nonNegative('spec.minReadySeconds', Number(spec.minReadySeconds ?? 0)),
    ...nonNegative('spec.revisionHistoryLimit', Number(spec.revisionHistoryLimit ?? 0)),
    ...(old && !semanticallyEqual(spec.selector, recordAt(old, 'spec').selector)
      ? [invalid('spec.selector', spec.selector, 'field is immutable')]
      : []),
  ];
};

/** Higher ones are the system's. */
const highestPriority = 1_000_000_000;

const checkPriorityClass: Check = (object, old) => {
  const { metadata, value = 0, preemptionPolicy } = object;
  if (old) {
    return [
      ...(value === (old.value ?? 0) ? [] : [forbidden('value', 'may not be changed in an update.')]),
      ...(preemptionPolicy === old.preemptionPolicy
        ? []
        : [invalid('preemptionPolicy', preemptionPolicy, 'field is immutable')]),
    ];
  }
  if (textAt(metadata, 'name').startsWith('system-') || Number(value) <= highestPriority) return [];
  return [forbidden('value', `maximum allowed value of a user defined priority is ${highestPriority}`)];
};

const checkBudget: Check = ({ spec }) => {
  const { minAvailable, maxUnavailable, selector } = isRecord(spec) ? spec : {};
  const amount = (field: string, value: unknown) =>
    typeof value === 'number' ? nonNegative(`spec.${field}`, value) : [];
  const both = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(both ? [invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...amount('minAvailable', minAvailable),
    ...amount('maxUnavailable', maxUnavailable),
    ...validateLabelSelector(isRecord(selector) ? (selector as LabelSelector) : undefined, 'spec.selector'),
  ];
};

/** By group and kind. */
export const plainRules: Readonly<Record<string, StoredRule>> = {
  '/PersistentVolumeClaim': namespaced(checkClaim),
  '/Endpoints': namespaced(checkEndpoints),
  '/LimitRange': namespaced(checkLimits),
  '/ResourceQuota': namespaced(checkQuota),
  'apps/StatefulSet': namespaced(checkStatefulSet, dnsLabel),
  'apps/DaemonSet': namespaced(checkDaemonSet, dnsSubdomain),
  'scheduling.k8s.io/PriorityClass': clusterWide(checkPriorityClass),
  'policy/PodDisruptionBudget': namespaced(checkBudget, () => []),
};
