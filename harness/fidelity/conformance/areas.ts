/**
 * What the conformance tests are about: an area a topic, found by how their names begin, with the resources that it
 * exercises.
 */
export interface Area {
  readonly topic: string;
  readonly subjects: readonly string[];
}

const AREAS: Readonly<Record<string, readonly string[]>> = {
  Job: ['jobs.batch', 'pods'],
  CronJob: ['cronjobs.batch', 'jobs.batch'],
  'API priority and fairness': [
    'flowschemas.flowcontrol.apiserver.k8s.io',
    'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  ],
  AdmissionWebhook: ['(webhooks)'],
  AggregatedDiscovery: ['(discovery)'],
  Aggregator: ['(aggregation)'],
  CustomResourceConversionWebhook: ['(webhooks)', 'customresourcedefinitions.apiextensions.k8s.io'],
  'CustomResourceDefinition Watch': ['customresourcedefinitions.apiextensions.k8s.io'],
  'CustomResourceDefinition resources': ['customresourcedefinitions.apiextensions.k8s.io', '(custom resources)'],
  CustomResourceFieldSelectors: ['customresourcedefinitions.apiextensions.k8s.io', '(custom resources)'],
  CustomResourcePublishOpenAPI: ['customresourcedefinitions.apiextensions.k8s.io', '(OpenAPI)'],
  Discovery: ['(discovery)'],
  FieldValidation: ['(custom resources)', 'deployments.apps'],
  'Garbage collector': ['pods', 'replicationcontrollers', 'deployments.apps', 'replicasets.apps'],
  MutatingAdmissionPolicy: ['mutatingadmissionpolicies.admissionregistration.k8s.io'],
  Namespaces: ['namespaces'],
  OrderedNamespaceDeletion: ['namespaces', 'pods'],
  ResourceQuota: ['resourcequotas'],
  'Servers with support for API chunking': ['podtemplates'],
  'Servers with support for Table transformation': ['(tables)'],
  ValidatingAdmissionPolicy: ['validatingadmissionpolicies.admissionregistration.k8s.io'],
  Watchers: ['configmaps'],
  'server version': ['(version)'],
};

export class UnknownAreaError extends Error {
  override readonly name = 'UnknownAreaError';
  readonly test: string;

  constructor(test: string) {
    super(`"${test}" is of no area that harness/fidelity/conformance/areas.ts lists: add it there`);
    this.test = test;
  }
}

/** Of a test's name: `[sig-apps] CronJob should ...`. */
export function areaOf(test: string): Area {
  const name = test.replace(/^\[sig-[\w-]+\] /, '');
  const topic = Object.keys(AREAS).find((area) => name.startsWith(`${area} `));
  if (topic === undefined) throw new UnknownAreaError(test);
  return { topic, subjects: AREAS[topic] ?? [] };
}
