/**
 * Kinds that are stored and not acted upon: what their own values may be, as far as a writer of manifests comes upon
 * it. Source: upstream pkg/apis/GROUP/validation.
 */
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import { addressBlock, dnsLabel, dnsSubdomain, domainPath } from '../schema/names.ts';
import type { LabelSelector } from '../selectors/label-requirements.ts';
import { checkSlice, warnAboutSlice } from './endpoint-slice.ts';
import { semanticallyEqual } from './equal.ts';
import {
  forbidden,
  goStructure,
  immutableMessage,
  invalid,
  invalids,
  nonNegative,
  notSupported,
  oneOf,
  required,
} from './field.ts';
import { validateLabelSelector } from './labels.ts';
import { validatePodTemplate } from './pod-spec.ts';
import { parseQuantity } from './quantity.ts';
import { type Check, clusterWide, kept, namespaced, type StoredRule } from './stored-rule.ts';

const checkRevision: Check = ({ revision, data }, old) => [
  ...nonNegative('revision', Number(revision ?? 0)),
  ...(old && !semanticallyEqual(data, old.data) ? [invalid('data', data, immutableMessage)] : []),
];

/** Upstream looks at a changed volume twice. */
const checkVolume: Check = (object, old) => [
  ...checkVolumeOnce(object, old),
  ...(old ? checkVolumeOnce(object, old) : []),
];

const checkVolumeOnce: Check = ({ spec }) => [
  ...(listAt(spec, 'accessModes').length === 0 ? [required('spec.accessModes')] : []),
  ...(Object.keys(recordAt(spec, 'capacity')).length === 0 ? [required('spec.capacity')] : []),
  ...oneOf('spec.persistentVolumeReclaimPolicy', textAt(spec, 'persistentVolumeReclaimPolicy'), [
    'Delete',
    'Recycle',
    'Retain',
  ]),
];

const checkAutoscaler: Check = (object) => {
  const spec = recordAt(object, 'spec');
  const [maximum, minimum] = [Number(spec.maxReplicas ?? 0), Number(spec.minReplicas ?? 1)];
  const target = recordAt(spec, 'scaleTargetRef');
  return [
    ...(minimum < 1 ? [invalid('spec.minReplicas', minimum, 'must be greater than or equal to 1')] : []),
    ...(maximum < 1 ? [required('spec.maxReplicas', 'must be set and greater than 0')] : []),
    ...(maximum < minimum
      ? [invalid('spec.maxReplicas', maximum, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...(textAt(target, 'kind') === '' ? [required('spec.scaleTargetRef.kind')] : []),
    ...(textAt(target, 'name') === '' ? [required('spec.scaleTargetRef.name')] : []),
  ];
};

const checkSigningRequest: Check = ({ spec }, old) => [
  ...(old || listAt(spec, 'usages').length > 0 ? [] : [required('spec.usages')]),
  ...(textAt(spec, 'signerName') === '' ? [required('spec.signerName')] : []),
];

const checkIngress: Check = ({ spec }) => [
  ...(listAt(spec, 'rules').length === 0 && !isRecord(isRecord(spec) ? spec.defaultBackend : undefined)
    ? [invalid('spec', [], 'either `defaultBackend` or `rules` must be specified')]
    : []),
  ...listAt(spec, 'rules').flatMap((one, index) => {
    const host = textAt(one, 'host');
    const name = host.startsWith('*.') ? host.slice(2) : host;
    return host === '' ? [] : invalids(`spec.rules[${index}].host`, host, dnsSubdomain(name));
  }),
];

const checkIngressClass: Check = ({ spec }, old) => {
  const controller = textAt(spec, 'controller');
  const before = textAt(old?.spec, 'controller');
  return [
    ...kept('spec.controller', controller, before, old),
    ...(controller === '' || (domainPath(controller).length === 0 && controller.includes('/'))
      ? []
      : [invalid('spec.controller', controller, 'must be a domain-prefixed path (such as "acme.io/foo")')]),
  ];
};

const checkNetworkPolicy: Check = ({ spec }) => [
  ...validateLabelSelector(recordAt(spec, 'podSelector') as LabelSelector, 'spec.podSelector'),
  ...listAt(spec, 'policyTypes').flatMap((type, index) =>
    type === 'Ingress' || type === 'Egress'
      ? []
      : [notSupported(`spec.policyTypes[${index}]`, type, ['Ingress', 'Egress'])],
  ),
];

const blockMessage = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';

const checkServiceBlock: Check = ({ spec }, old) => {
  const blocks = listAt(spec, 'cidrs');
  if (!old) {
    return blocks.flatMap((block, index) =>
      addressBlock(String(block)).length > 0 ? [invalid(`spec.cidrs[${index}]`, block, blockMessage)] : [],
    );
  }
  const before = listAt(old.spec, 'cidrs');
  return blocks.flatMap((block, index) =>
    index < before.length && block !== before[index] ? [invalid(`spec.cidrs[${index}]`, block, immutableMessage)] : [],
  );
};

const checkDriver: Check = ({ spec }) => [
  ...oneOf('spec.fsGroupPolicy', textAt(spec, 'fsGroupPolicy'), ['File', 'None', 'ReadWriteOnceWithFSType']),
];

const checkNodeDrivers: Check = ({ spec }) =>
  listAt(spec, 'drivers').flatMap((driver, index) => [
    ...(textAt(driver, 'name') === '' ? [required(`spec.drivers[${index}].name`)] : []),
    ...(textAt(driver, 'nodeID') === '' ? [required(`spec.drivers[${index}].nodeID`)] : []),
  ]);

const checkCapacity: Check = (object, old) => {
  const amount = parseQuantity(String(object.capacity ?? '0'));
  return [
    ...(textAt(object, 'storageClassName') === '' ? [required('storageClassName')] : []),
    ...(old ? kept('storageClassName', object.storageClassName, old.storageClassName, old) : []),
    ...(String(object.capacity ?? '').startsWith('-') && amount
      ? [invalid('capacity', object.capacity, 'must be greater than or equal to 0')]
      : []),
  ];
};

const checkStorageClass: Check = (object, old) => {
  const mode = textAt(object, 'volumeBindingMode');
  return [
    ...(textAt(object, 'provisioner') === '' ? [required('provisioner')] : []),
    ...oneOf('reclaimPolicy', textAt(object, 'reclaimPolicy'), ['Delete', 'Retain']),
    ...oneOf('volumeBindingMode', mode, ['Immediate', 'WaitForFirstConsumer']),
    ...(old && !semanticallyEqual(object.parameters ?? {}, old.parameters ?? {})
      ? [forbidden('parameters', 'updates to parameters are forbidden.')]
      : []),
    ...(old && object.provisioner !== old.provisioner
      ? [forbidden('provisioner', 'updates to provisioner are forbidden.')]
      : []),
    ...(old && object.reclaimPolicy !== old.reclaimPolicy
      ? [forbidden('reclaimPolicy', 'updates to reclaimPolicy are forbidden.')]
      : []),
    ...kept('volumeBindingMode', mode, old?.volumeBindingMode, old),
  ];
};

function goSource(source: unknown): object {
  return goStructure(isRecord(source) ? source : {}, ['persistentVolumeName', 'inlineVolumeSpec']);
}

const checkAttachment: Check = (object, old) => {
  const spec = recordAt(object, 'spec');
  const node = textAt(spec, 'nodeName');
  return [
    ...(textAt(spec, 'attacher') === '' ? [required('spec.attacher')] : []),
    ...invalids('spec.nodeName', node, dnsSubdomain(node)),
    ...kept(
      'spec',
      goStructure({ ...spec, source: goSource(spec.source) }, ['attacher', 'source', 'nodeName']),
      undefined,
      semanticallyEqual(spec, old?.spec) ? undefined : old,
    ),
  ];
};

const checkAttributes: Check = (object, old) => [
  ...(old && object.driverName !== old.driverName
    ? [forbidden('driverName', 'updates to driverName are forbidden.')]
    : []),
  ...(old && !semanticallyEqual(object.parameters, old.parameters)
    ? [forbidden('parameters', 'updates to parameters are forbidden.')]
    : []),
  ...(textAt(object, 'driverName') === '' ? [required('driverName')] : []),
];

const checkRuntimeClass: Check = (object, old) => {
  const handler = textAt(object, 'handler');
  return [...invalids('handler', handler, dnsLabel(handler)), ...kept('handler', handler, textAt(old, 'handler'), old)];
};

const checkPriorityLevel: Check = ({ spec }) => {
  const response = recordAt(recordAt(spec, 'limited'), 'limitResponse');
  const path = 'spec.limited.limitResponse.queuing';
  const detail = 'must not be empty if limited.limitResponse.type is Limited';
  return [
    ...oneOf('spec.type', textAt(spec, 'type'), ['Exempt', 'Limited']),
    ...(textAt(spec, 'type') === 'Limited' && response.type === 'Queue' && !isRecord(response.queuing)
      ? [required(path, detail)]
      : []),
  ];
};

const checkFlowSchema: Check = (object) => {
  const spec = recordAt(object, 'spec');
  const precedence = Number(spec.matchingPrecedence ?? 0);
  const level = textAt(spec.priorityLevelConfiguration, 'name');
  return [
    ...(precedence < 1 ? [invalid('spec.matchingPrecedence', precedence, 'must be a positive value')] : []),
    ...(precedence > 10_000 ? [invalid('spec.matchingPrecedence', precedence, 'must not be greater than 10000')] : []),
    ...(level === '' ? [required('spec.priorityLevelConfiguration.name', 'must reference a priority level')] : []),
  ];
};

const reviewVersions = ['v1', 'v1beta1'];
const sideEffects = ['None', 'NoneOnDryRun'];

const checkWebhooks: Check = (object) =>
  listAt(object, 'webhooks').flatMap((webhook, index) => {
    const path = `webhooks[${index}]`;
    const name = textAt(webhook, 'name');
    const how = recordAt(webhook, 'clientConfig');
    const versions = listAt(webhook, 'admissionReviewVersions');
    const effects = textAt(webhook, 'sideEffects');
    const orders = (texts: readonly string[]) => `must specify one of ${texts.join(', ')}`;
    return [
      ...(name.split('.').length < 3
        ? [invalid(`${path}.name`, name, 'should be a domain with at least three segments separated by dots')]
        : invalids(`${path}.name`, name, dnsSubdomain(name))),
      ...(effects === ''
        ? [required(`${path}.sideEffects`, orders(sideEffects))]
        : oneOf(`${path}.sideEffects`, effects, sideEffects)),
      ...((how.url === undefined) === (how.service === undefined)
        ? [required(`${path}.clientConfig`, 'exactly one of url or service is required')]
        : []),
      ...(versions.length === 0 ? [required(`${path}.admissionReviewVersions`, orders(reviewVersions))] : []),
    ];
  });

/** By group and kind. */
export const storedRules: Readonly<Record<string, StoredRule>> = {
  '/PodTemplate': namespaced(({ template }) => validatePodTemplate(template as never, 'template')),
  '/PersistentVolume': clusterWide(checkVolume),
  'apps/ControllerRevision': namespaced(checkRevision),
  'autoscaling/HorizontalPodAutoscaler': namespaced(checkAutoscaler),
  // Upstream lets any name pass: `ValidateCertificateRequestName`.
  'certificates.k8s.io/CertificateSigningRequest': clusterWide(checkSigningRequest, () => []),
  'networking.k8s.io/Ingress': namespaced(checkIngress),
  'networking.k8s.io/IngressClass': clusterWide(checkIngressClass),
  'networking.k8s.io/NetworkPolicy': namespaced(checkNetworkPolicy),
  'networking.k8s.io/ServiceCIDR': clusterWide(checkServiceBlock),
  'storage.k8s.io/CSIDriver': clusterWide(checkDriver),
  'storage.k8s.io/CSINode': clusterWide(checkNodeDrivers),
  'storage.k8s.io/CSIStorageCapacity': namespaced(checkCapacity),
  'storage.k8s.io/StorageClass': clusterWide(checkStorageClass),
  'storage.k8s.io/VolumeAttachment': clusterWide(checkAttachment),
  'storage.k8s.io/VolumeAttributesClass': clusterWide(checkAttributes),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': clusterWide(checkWebhooks),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': clusterWide(checkWebhooks),
  'node.k8s.io/RuntimeClass': clusterWide(checkRuntimeClass),
  'discovery.k8s.io/EndpointSlice': { ...namespaced(checkSlice), warnings: warnAboutSlice },
  'resource.k8s.io/DeviceClass': clusterWide(() => []),
  'flowcontrol.apiserver.k8s.io/FlowSchema': clusterWide(checkFlowSchema),
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': clusterWide(checkPriorityLevel),
};
