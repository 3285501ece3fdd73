/** Names in the cluster of what skills run, and the labels that find it (contract 4.3, 4.6, 8 row 32). Pure. */
import { createHash } from 'node:crypto';
import { labelValue } from '../../task/index.ts';
import { fabricGroup } from '../../task/task.ts';

/** Characters of a Task's name before the six that tell calls apart. */
const callNameLengthMax = 48;
/** Of a Service's name: a DNS label. */
const serviceNameLengthMax = 63;

export const skillLabel = `${fabricGroup}/skill`;
export const actionLabel = `${fabricGroup}/action`;

/** With the project's prefix, as messages carry the names of agents and skills: `proj1-daily-agent`. */
export function resourceName(...parts: readonly string[]): string {
  return parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The Task of one call: the same for the same call, another for each other one. */
export function callTaskName(project: string, skill: string, action: string, callId: string): string {
  const first = resourceName(project, skill, action).slice(0, callNameLengthMax).replace(/-$/, '');
  return `${first}-${sixCharacters(callId)}`;
}

/** Letters and digits that follow from the text alone. */
function sixCharacters(text: string): string {
  const number = createHash('sha256').update(text).digest().readUIntBE(0, 6) % 36 ** 6;
  return number.toString(36).padStart(6, '0');
}

/** The Deployment and Service of a daemon. Two actions whose names would become one are told apart by a hash. */
export function daemonName(project: string, skill: string, action: string): string {
  const name = resourceName(project, skill, action);
  const isExact = `${project}-${skill}-${action}` === name && /^[a-z]/.test(name);
  if (isExact && name.length <= serviceNameLengthMax) return name;
  const hash = createHash('sha256')
    .update(JSON.stringify([project, skill, action]))
    .digest('hex')
    .slice(0, 6);
  const letters =
    name
      .replace(/^[^a-z]+/, '')
      .slice(0, serviceNameLengthMax - 7)
      .replace(/-$/, '') || 'daemon';
  return `${letters}-${hash}`;
}

/** Labels of everything that belongs to an action of a skill. */
export function actionLabels(skill: { projectId: string; name: string }, action: { name: string }) {
  return {
    'app.kubernetes.io/managed-by': 'fabric-gateway',
    [`${fabricGroup}/project`]: labelValue(skill.projectId),
    [skillLabel]: labelValue(skill.name),
    [actionLabel]: labelValue(action.name),
  };
}

export function actionSelector(skill: { projectId: string; name: string }, action: { name: string }): string {
  return selectorOf(actionLabels(skill, action));
}

/** Selects everything that belongs to the skill. */
export function skillSelector(skill: { projectId: string; name: string }): string {
  const { [actionLabel]: _, ...labels } = actionLabels(skill, { name: '' });
  return selectorOf(labels);
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}
