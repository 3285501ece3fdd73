/**
 * Where a run puts what it leaves besides its log: a folder of managed content, told to it by a variable. Of a one-time
 * Task it is the folder of its log, which is known when its Job is made; of a schedule's run it is `tasks/<name of the
 * Job>/`, which only Kubernetes knows: the pod learns it by the downward API. Variables and arguments of the Task may
 * refer to it, `$(FABRIC_ARTIFACTS)`.
 */
import type { Container, Job } from '../../kubernetes/objects.ts';
import { taskContainer } from './labels.ts';

type Variable = NonNullable<Container['env']>[number];

/** Ends in a slash: what follows is a name of the run's own. */
export const artifactsVariable = 'FABRIC_ARTIFACTS';
const runVariable = 'FABRIC_RUN';

/** Variables that Fabric sets; a Task cannot. */
export function isOwnVariable(name: string): boolean {
  return name === artifactsVariable || name === runVariable;
}

/** Beginning of the keys of what a run leaves. */
export function artifactsPrefix(folder: string): string {
  return `tasks/${folder}/`;
}

/** What a schedule's runs are told. Every pod of a Job has that label (Kubernetes 1.27 and later). */
export const runVariables: readonly Variable[] = [
  { name: runVariable, valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } } },
  { name: artifactsVariable, value: artifactsPrefix(`$(${runVariable})`) },
];

/** The Job of a one-time Task with its folder told. Before the Task's own variables, which may refer to it. */
export function withArtifacts(job: Job, folder: string): Job {
  const { spec } = job;
  const pod = spec?.template.spec;
  if (!spec || !pod) return job;
  const variable = { name: artifactsVariable, value: artifactsPrefix(folder) };
  const containers = pod.containers.map((container) =>
    container.name === taskContainer ? withVariable(container, variable) : container,
  );
  return { ...job, spec: { ...spec, template: { ...spec.template, spec: { ...pod, containers } } } };
}

/** What a wish for the pod has set stays. */
function withVariable(container: Container, variable: Variable): Container {
  const held = container.env ?? [];
  return held.some(({ name }) => name === variable.name) ? container : { ...container, env: [variable, ...held] };
}
