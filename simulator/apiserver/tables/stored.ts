/** Tables of kinds that are stored and not acted upon. Source: upstream pkg/printers/internalversion. */
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { isRecord, listAt, recordAt, textAt } from '../json.ts';
import type { LabelSelector } from '../selectors/label-requirements.ts';
import { containerCells, containerColumns, selectorText } from './batch.ts';
import { ageColumn, type Cell, column, orNone, type Printer } from './columns.ts';
import { number, orUnset, printer } from './printer.ts';
import { storagePrinters } from './storage.ts';

const controllerPrinter = printer(
  [
    column('Desired', 'Pods that are wanted.', 'integer'),
    column('Current', 'Pods that are there.', 'integer'),
    column('Ready', 'Pods that are ready.', 'integer'),
    ageColumn,
    ...containerColumns,
  ],
  (_object, { spec, status, age }) => {
    const selector = recordAt(spec, 'selector') as Readonly<Record<string, string>>;
    return [
      number(spec.replicas),
      number(status.replicas),
      number(status.readyReplicas),
      age,
      ...containerCells(containersOf(spec.template), selectorText({ matchLabels: selector })),
    ];
  },
);

type Containers = Parameters<typeof containerCells>[0];

function containersOf(template: unknown): Containers {
  return listAt(isRecord(template) ? template.spec : undefined, 'containers') as Containers;
}

const templatePrinter = printer(
  [
    column('Containers', 'Names of the containers.'),
    column('Images', 'Their images.'),
    column('Pod Labels', 'Labels of its pods.'),
  ],
  ({ template }) => {
    const labels = recordAt(isRecord(template) ? template.metadata : undefined, 'labels');
    const matchLabels = labels as Readonly<Record<string, string>>;
    return [...containerCells(containersOf(template), '').slice(0, 2), selectorText({ matchLabels })];
  },
);

const revisionPrinter = printer(
  [column('Controller', 'Whose revision it is.'), column('Revision', 'Its number.'), ageColumn],
  ({ metadata, revision }, { age }) => {
    const owner = listAt(metadata, 'ownerReferences').find((each) => isRecord(each) && each.controller === true);
    const group = textAt(owner, 'apiVersion').split('/').at(-2);
    const kind = textAt(owner, 'kind').toLowerCase() + (group === undefined ? '' : `.${group}`);
    return [owner ? `${kind}/${textAt(owner, 'name')}` : '<none>', number(revision), age];
  },
);

const autoscalerPrinter = printer(
  [
    column('Reference', 'What is scaled.'),
    column('Targets', 'Metrics as they are and as they should be.'),
    column('MinPods', 'The fewest pods.'),
    column('MaxPods', 'The most pods.'),
    column('Replicas', 'Pods that are there.'),
    ageColumn,
  ],
  (_object, { spec, status, age }) => {
    const target = recordAt(spec, 'scaleTargetRef');
    return [
      `${textAt(target, 'kind')}/${textAt(target, 'name')}`,
      targetsOf(spec),
      orUnset(spec.minReplicas, '<unset>'),
      number(spec.maxReplicas),
      number(status.currentReplicas),
      age,
    ];
  },
);

/** Nothing measures here. */
function targetsOf(spec: Readonly<Record<string, unknown>>): string {
  const utilization = spec.targetCPUUtilizationPercentage;
  if (utilization !== undefined) return `cpu: <unknown>/${String(utilization)}%`;
  const texts = listAt(spec, 'metrics').map((metric) => {
    const resource = recordAt(metric, 'resource');
    const { averageUtilization, averageValue } = recordAt(resource, 'target');
    const wanted =
      averageUtilization === undefined ? orUnset(averageValue, '<auto>') : `${String(averageUtilization)}%`;
    return `${textAt(resource, 'name') || '<unknown>'}: <unknown>/${wanted}`;
  });
  return orNone(texts.join(', '));
}

const signingRequestPrinter = printer(
  [
    ageColumn,
    column('SignerName', 'Who is to sign.'),
    column('Requestor', 'Who asks.'),
    column('RequestedDuration', 'How long it is to be valid.'),
    column('Condition', 'What was decided.'),
  ],
  (_object, { spec, status, age }) => {
    const conditions = listAt(status, 'conditions').map((each) => textAt(each, 'type'));
    const decided = conditions.filter((type) => type === 'Approved' || type === 'Denied' || type === 'Failed');
    const issued = textAt(status, 'certificate') === '' ? [] : ['Issued'];
    return [
      age,
      orNone(textAt(spec, 'signerName')),
      textAt(spec, 'username'),
      spec.expirationSeconds === undefined ? '<none>' : `${String(spec.expirationSeconds)}s`,
      decided.length + issued.length === 0 ? 'Pending' : [...decided, ...issued].join(','),
    ];
  },
);

const ingressPrinter = printer(
  [
    column('Class', 'Which controller serves it.'),
    column('Hosts', 'Hosts that it answers for.'),
    column('Address', 'Where it is to be reached.'),
    column('Ports', 'Ports that it listens on.'),
    ageColumn,
  ],
  (_object, { spec, status, age }) => {
    const hosts = listAt(spec, 'rules').map((each) => textAt(each, 'host'));
    const named = hosts.filter((host) => host !== '');
    const more = named.length > 3 ? ` + ${named.length - 3} more...` : '';
    const addresses = listAt(status.loadBalancer, 'ingress').map(
      (each) => textAt(each, 'ip') || textAt(each, 'hostname'),
    );
    return [
      orUnset(spec.ingressClassName, '<none>'),
      named.length === 0 ? '*' : `${named.slice(0, 3).join(',')}${more}`,
      addresses.join(','),
      spec.tls === undefined ? '80' : '80, 443',
      age,
    ];
  },
);

const ingressClassPrinter = printer(
  [column('Controller', 'Who acts for it.'), column('Parameters', 'Where its settings stand.'), ageColumn],
  (_object, { spec, age }) => {
    const { kind, name, apiGroup } = recordAt(spec, 'parameters');
    const where = apiGroup === undefined ? String(kind) : `${String(kind)}.${String(apiGroup)}`;
    return [textAt(spec, 'controller'), kind === undefined ? '<none>' : `${where}/${String(name)}`, age];
  },
);

const policyPrinter = printer(
  [column('Pod-Selector', 'Which pods it is for.'), ageColumn],
  (_object, { spec, age }) => [selectorText(recordAt(spec, 'podSelector') as LabelSelector), age],
);

const addressPrinter = printer([column('ParentRef', 'What has the address.')], (_object, { spec, age: _age }) => {
  const parent = recordAt(spec, 'parentRef');
  const parts = [parent.group, parent.resource, parent.namespace, parent.name].filter((part) => part);
  return [parts.join('/')];
});

const blockPrinter = printer([column('CIDRs', 'The ranges of addresses.'), ageColumn], (_object, { spec, age }) => [
  listAt(spec, 'cidrs').join(','),
  age,
]);

const webhooksPrinter = printer(
  [column('Webhooks', 'How many there are.', 'integer'), ageColumn],
  (object, { age }) => [listAt(object, 'webhooks').length, age],
);

const runtimeClassPrinter = printer(
  [column('Handler', 'What the runtime is called on nodes.'), ageColumn],
  (object, { age }) => [textAt(object, 'handler'), age],
);

const slicePrinter = printer(
  [
    column('AddressType', 'Kind of the addresses.'),
    column('Ports', 'Ports of all of them.'),
    column('Endpoints', 'The addresses.'),
    ageColumn,
  ],
  (object, { age }) => {
    const shown = (texts: readonly string[], none: string): string => {
      const more = texts.length > 3 ? ` + ${texts.length - 3} more...` : '';
      return `${texts.slice(0, 3).join(',')}${more}` || none;
    };
    const ports = listAt(object, 'ports').map((port) =>
      String((isRecord(port) ? (port.port ?? port.name) : undefined) ?? '*'),
    );
    const addresses = listAt(object, 'endpoints').flatMap((each) => listAt(each, 'addresses').map(String));
    return [textAt(object, 'addressType'), shown(ports, '<unset>'), shown(addresses, '<unset>'), age];
  },
);

const agePrinter = printer([ageColumn], (_object, { age }) => [age]);

const flowSchemaPrinter = printer(
  [
    column('PriorityLevel', 'Where its requests are counted.'),
    column('MatchingPrecedence', 'Lower ones are asked first.'),
    column('DistinguisherMethod', 'What tells flows apart.'),
    ageColumn,
    column('MissingPL', 'Whether its priority level is missing.'),
  ],
  (_object, { spec, status, age }) => {
    const dangling = listAt(status, 'conditions').find((each) => textAt(each, 'type') === 'Dangling');
    return [
      textAt(spec.priorityLevelConfiguration, 'name'),
      number(spec.matchingPrecedence),
      orNone(textAt(spec.distinguisherMethod, 'type')),
      age,
      dangling === undefined ? '?' : textAt(dangling, 'status'),
    ];
  },
);

const priorityLevelPrinter = printer(
  [
    column('Type', 'Whether it is limited.'),
    column('NominalConcurrencyShares', 'Its part of what the server does at a time.'),
    column('Queues', 'How many queues it has.'),
    column('HandSize', 'How many queues a flow may use.'),
    column('QueueLengthLimit', 'How many wait in a queue.'),
    ageColumn,
  ],
  (_object, { spec, age }) => {
    const limited = recordAt(spec, 'limited');
    const queuing = recordAt(recordAt(limited, 'limitResponse'), 'queuing');
    const shares = spec.type === 'Exempt' ? recordAt(spec, 'exempt') : limited;
    const cell = (value: unknown): Cell => (typeof value === 'number' ? value : '<none>');
    return [
      textAt(spec, 'type'),
      cell(shares.nominalConcurrencyShares),
      cell(queuing.queues),
      cell(queuing.handSize),
      cell(queuing.queueLengthLimit),
      age,
    ];
  },
);

const servicePrinter = printer(
  [column('Service', 'Who serves the group.'), column('Available', 'Whether it answers.'), ageColumn],
  (_object, { spec, status, age }) => {
    const service = recordAt(spec, 'service');
    const available = listAt(status, 'conditions').find((each) => textAt(each, 'type') === 'Available');
    return [
      service.name === undefined ? 'Local' : `${textAt(service, 'namespace')}/${textAt(service, 'name')}`,
      available === undefined ? 'Unknown' : textAt(available, 'status'),
      age,
    ];
  },
);

/** By group and kind. */
export const storedPrinters: Readonly<Record<string, Printer<KubernetesObject>>> = {
  ...storagePrinters,
  '/ReplicationController': controllerPrinter,
  '/PodTemplate': templatePrinter,
  'apps/ControllerRevision': revisionPrinter,
  'autoscaling/HorizontalPodAutoscaler': autoscalerPrinter,
  'certificates.k8s.io/CertificateSigningRequest': signingRequestPrinter,
  'networking.k8s.io/Ingress': ingressPrinter,
  'networking.k8s.io/IngressClass': ingressClassPrinter,
  'networking.k8s.io/NetworkPolicy': policyPrinter,
  'networking.k8s.io/IPAddress': addressPrinter,
  'networking.k8s.io/ServiceCIDR': blockPrinter,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooksPrinter,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooksPrinter,
  'node.k8s.io/RuntimeClass': runtimeClassPrinter,
  'discovery.k8s.io/EndpointSlice': slicePrinter,
  'resource.k8s.io/DeviceClass': agePrinter,
  'resource.k8s.io/ResourceClaimTemplate': agePrinter,
  'flowcontrol.apiserver.k8s.io/FlowSchema': flowSchemaPrinter,
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration': priorityLevelPrinter,
  'apiregistration.k8s.io/APIService': servicePrinter,
};
