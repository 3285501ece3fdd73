/**
 * What a skill has in a cluster: a Deployment and a Service for each daemon, and the resources that its actions bring.
 * Pure.
 */
import type { Container, KubernetesObject, PodSpec } from '../../../../kubernetes/objects.ts';
import { withPodSpec } from '../../../task/pod-spec.ts';
import { problems } from '../../errors.ts';
import type { Action } from '../../skills/action.ts';
import { propertiesOf } from '../../skills/routing.ts';
import type { Skill } from '../../skills/skill.ts';
import { actionLabels, daemonName } from '../names.ts';

/** The container of a daemon's pod. */
const daemonContainer = 'daemon';

interface ResourceSettings {
  readonly namespace: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Kinds that actions may bring, as `ConfigMap`. */
  readonly allowedKinds: ReadonlySet<string>;
}

export const daemonPorts = {
  default: 5000,
  /**
   * The one that calls go to unless they name another: the skill's property, else the action's; then the action's own.
   */
  of(skill: Skill, action: Action): number[] {
    const declared = Number(propertiesOf(skill.content.document)['daemon.port'] ?? action.port ?? this.default);
    const ports = [declared, action.port ?? declared].filter((port) => Number.isInteger(port) && port > 0);
    return [...new Set(ports)];
  },
};

export function resourcesOf(skill: Skill, actions: readonly Action[], settings: ResourceSettings): KubernetesObject[] {
  const resources = actions.flatMap((action) => [
    ...(action.type === 'daemon' ? [deploymentOf(skill, action, settings), serviceOf(skill, action, settings)] : []),
    ...action.k8sResources.map((resource) => ownResource(skill, action, resource, settings)),
  ]);
  refuseDoubles(skill, resources);
  return resources;
}

/** Of two with one name the second would take the place of the first. */
function refuseDoubles(skill: Skill, resources: readonly KubernetesObject[]): void {
  const names = resources.map(({ kind, metadata }) => `${kind} ${metadata?.name}`);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double === undefined) return;
  const message = `${double} is brought twice: give each resource a name of its own`;
  throw problems.notDeployable(skill.name, [{ type: 'k8sResources', name: double, path: ['actions'], message }]);
}

function deploymentOf(skill: Skill, action: Action, settings: ResourceSettings): KubernetesObject {
  const labels = actionLabels(skill, action);
  const container: Container = {
    name: daemonContainer,
    image: action.image,
    ...(action.command.length > 0 ? { command: [...action.command] } : {}),
    env: Object.entries({ ...settings.environment, ...action.environment }).map(([name, value]) => ({ name, value })),
    ports: daemonPorts.of(skill, action).map((port) => ({ containerPort: port })),
    readinessProbe: { tcpSocket: { port: daemonPorts.of(skill, action)[0] ?? daemonPorts.default }, periodSeconds: 1 },
  };
  // What users wrote acts under no account of the cluster.
  const pod: PodSpec = { automountServiceAccountToken: false, containers: [container] };
  const merged = withPodSpec(pod, action.podSpec);
  if ('issues' in merged) {
    throw problems.notDeployable(
      skill.name,
      merged.issues.map(({ path, message }) => ({ type: 'podSpec', name: action.name, path: [path], message })),
    );
  }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: daemonName(skill.projectId, skill.name, action.name), namespace: settings.namespace, labels },
    spec: {
      replicas: action.scaleCount ?? 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: merged.spec },
    },
  } as KubernetesObject;
}

function serviceOf(skill: Skill, action: Action, { namespace }: ResourceSettings): KubernetesObject {
  const labels = actionLabels(skill, action);
  const ports = daemonPorts.of(skill, action).map((port) => ({ name: `port-${port}`, port, targetPort: port }));
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: daemonName(skill.projectId, skill.name, action.name), namespace, labels },
    spec: { selector: labels, ports },
  } as KubernetesObject;
}

/** In the own namespace, of a kind that is allowed, and under no name of Fabric's own. */
function ownResource(
  skill: Skill,
  action: Action,
  resource: Readonly<Record<string, unknown>>,
  { namespace, allowedKinds }: ResourceSettings,
): KubernetesObject {
  const given = resource as unknown as KubernetesObject;
  const { name = '', namespace: wanted = namespace, labels, annotations } = given.metadata ?? {};
  const refuse = (message: string) =>
    problems.notDeployable(skill.name, [{ type: 'k8sResources', name, path: ['actions', action.name], message }]);
  if (!allowedKinds.has(given.kind ?? '')) {
    throw refuse(`${given.kind} is no kind that skills may bring: these are ${[...allowedKinds].join(', ')}`);
  }
  if (wanted !== namespace) throw refuse(`${given.kind} ${name} must stand in namespace ${namespace}`);
  if (/^(fabric|cortex)-/.test(name)) throw refuse(`the name ${name} is Fabric's own: choose another one`);
  // Nothing else of the metadata: an owner or a finalizer would decide when the resource goes.
  return {
    ...given,
    metadata: {
      ...{ name, namespace, labels: { ...labels, ...actionLabels(skill, action) } },
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}
