/** What the conformance tests are about: an area a topic, found by how their names begin, with the resources that it exercises. */
export interface Area {
  readonly topic: string;
  readonly subjects: readonly string[];
}

const AREAS: Readonly<Record<string, readonly string[]>> = {
  Job: ['jobs.batch', 'pods'],
  CronJob: ['cronjobs.batch', 'jobs.batch'],
  'API priority and fairness': ['flowschemas', 'prioritylevelconfigurations'],
  AdmissionWebhook: ['webhooks'],
  AggregatedDiscovery: ['(discovery)'],
  Aggregator: ['apiservices'],
  CustomResourceConversionWebhook: ['webhooks', 'customresourcedefinitions'],
  'CustomResourceDefinition Watch': ['customresourcedefinitions'],
  'CustomResourceDefinition resources': ['customresourcedefinitions', '(custom resources)'],
  CustomResourceFieldSelectors: ['customresourcedefinitions', '(custom resources)'],
  CustomResourcePublishOpenAPI: ['customresourcedefinitions', '(OpenAPI)'],
  Discovery: ['(discovery)'],
  FieldValidation: ['(custom resources)', 'deployments.apps'],
  'Garbage collector': ['pods', 'replicationcontrollers', 'deployments.apps', 'replicasets.apps'],
  MutatingAdmissionPolicy: ['mutatingadmissionpolicies'],
  Namespaces: ['namespaces'],
  OrderedNamespaceDeletion: ['namespaces', 'pods'],
  ResourceQuota: ['resourcequotas'],
  'Servers with support for API chunking': ['podtemplates'],
  'Servers with support for Table transformation': ['(tables)'],
  ValidatingAdmissionPolicy: ['validatingadmissionpolicies'],
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
