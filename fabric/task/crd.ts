/**
 * The CustomResourceDefinitions of Task and TaskPool, ready to be created on any API server:
 * `kubectl apply -f` takes what `JSON.stringify` makes of them.
 */
import type { CustomResourceDefinition } from '../../kubernetes/objects.ts';
import type { ResourceType } from '../../kubernetes/resources.ts';
import { type Schema, taskPoolSpecSchema, taskSpecSchema, taskStatusSchema } from './schema.ts';
import { taskPools, tasks } from './task.ts';

interface PrinterColumn {
  name: string;
  type: 'string' | 'integer' | 'date' | 'boolean';
  jsonPath: string;
  priority?: number;
  description?: string;
}

const taskColumns: PrinterColumn[] = [
  { name: 'State', type: 'string', jsonPath: '.status.state' },
  { name: 'Schedule', type: 'string', jsonPath: '.spec.schedule' },
  { name: 'Project', type: 'string', jsonPath: '.spec.projectId' },
  { name: 'Skill', type: 'string', jsonPath: '.spec.skillName' },
  { name: 'Last Schedule', type: 'date', jsonPath: '.status.lastScheduleTime' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  // Last of those that are always shown: a refusal is a sentence.
  { name: 'Reason', type: 'string', jsonPath: '.status.statusReason' },
  { name: 'Action', type: 'string', jsonPath: '.spec.actionName', priority: 1 },
  { name: 'Active', type: 'integer', jsonPath: '.status.activeCount', priority: 1 },
  { name: 'Next', type: 'string', jsonPath: '.status.nextTime', priority: 1 },
];

const poolColumns: PrinterColumn[] = [
  { name: 'Limit', type: 'integer', jsonPath: '.spec.limit' },
  { name: 'Persist', type: 'boolean', jsonPath: '.spec.persistTasks' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
];

/** A Task is one-time or scheduled for good: a Job cannot become a CronJob (nor take its name; semantics 2.5). */
const kindIsFixed = {
  rule: "(has(self.schedule) && self.schedule != '') == (has(oldSelf.schedule) && oldSelf.schedule != '')",
  message: 'a one-time task cannot get a schedule, nor a scheduled one lose it: delete it and create another one',
};

function definition(
  type: ResourceType,
  shortNames: string[],
  columns: PrinterColumn[],
  spec: Schema,
  status?: Schema,
): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${type.group}` },
    spec: {
      group: type.group,
      scope: 'Namespaced',
      names: {
        plural: type.plural,
        singular: type.kind.toLowerCase(),
        kind: type.kind,
        listKind: `${type.kind}List`,
        shortNames,
        categories: ['fabric'],
      },
      versions: [
        {
          name: type.version,
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              required: ['spec'],
              properties: { spec, ...(status ? { status } : {}) },
            },
          },
          ...(status ? { subresources: { status: {} } } : {}),
          additionalPrinterColumns: columns,
        },
      ],
    },
  };
}

const taskDefinition: CustomResourceDefinition = definition(
  tasks,
  ['tsk'],
  taskColumns,
  { ...taskSpecSchema, 'x-kubernetes-validations': [kindIsFixed] },
  taskStatusSchema,
);

const taskPoolDefinition: CustomResourceDefinition = definition(taskPools, ['tpool'], poolColumns, taskPoolSpecSchema, {
  type: 'object',
  properties: { observedGeneration: { type: 'integer', format: 'int64' } },
});

/** Both, in the order in which to create them. */
export const definitions: readonly CustomResourceDefinition[] = [taskDefinition, taskPoolDefinition];
