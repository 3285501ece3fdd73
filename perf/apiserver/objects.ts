/** The objects that are stored and asked for: in size and shape as those of a cluster that runs tasks. */

/** Labels that selectors choose by; of `groups` groups an index falls into one. */
function labels(name: string, group: number) {
  return { app: 'bench', 'bench/group': `g${group}`, 'bench/name': name };
}

const template = (name: string) => ({
  restartPolicy: 'Never',
  containers: [
    {
      name: 'main',
      image: 'registry.example/team/agent:1.4.2',
      command: ['agent', 'run'],
      args: ['--task', name, '--payload', '{"question":"how many?"}'],
      env: [
        { name: 'TASK', value: name },
        { name: 'REGION', value: 'north' },
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      ],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    },
  ],
});

export function pod(name: string, group = 0) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: labels(name, group) }, spec: template(name) };
}

export function job(name: string, group = 0) {
  const metadata = { name, labels: labels(name, group), annotations: { 'bench/owner': 'nobody' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: { backoffLimit: 2, ttlSecondsAfterFinished: 600, template: { spec: template(name) } },
  };
}

export function configMap(name: string, group = 0) {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, labels: labels(name, group) },
    data: { settings: 'mode=fast\nretries=3\n'.repeat(10), payload: JSON.stringify({ name, steps: [1, 2, 3] }) },
  };
}

export function widget(name: string, group = 0) {
  return {
    apiVersion: 'bench.example/v1',
    kind: 'Widget',
    metadata: { name, labels: labels(name, group) },
    spec: { image: 'registry.example/team/agent:1.4.2', size: 3, steps: ['fetch', 'think', 'write'] },
  };
}

export const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.bench.example' },
  spec: {
    group: 'bench.example',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['image'],
                properties: {
                  image: { type: 'string' },
                  size: { type: 'integer', minimum: 1, default: 1 },
                  steps: { type: 'array', items: { type: 'string' } },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};

/** A kind that the benches store: its collection in a namespace, or in all, and how one is made. */
export interface Kind {
  readonly plural: string;
  readonly base: string;
  readonly make: (name: string, group?: number) => object;
}

export const kinds = {
  pods: { plural: 'pods', base: '/api/v1', make: pod },
  jobs: { plural: 'jobs', base: '/apis/batch/v1', make: job },
  configMaps: { plural: 'configmaps', base: '/api/v1', make: configMap },
  widgets: { plural: 'widgets', base: '/apis/bench.example/v1', make: widget },
} as const satisfies Record<string, Kind>;

/** Path of a collection; of all namespaces without one. */
export function collection(kind: Kind, namespace?: string): string {
  return namespace === undefined
    ? `${kind.base}/${kind.plural}`
    : `${kind.base}/namespaces/${namespace}/${kind.plural}`;
}
