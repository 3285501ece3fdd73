/** What skills have in the cluster is brought to what they should have, and taken away (`resources.ts`). */
import { hasReason, type KubernetesClient } from '../../../../kubernetes/client.ts';
import type { Deployment, KubernetesObject } from '../../../../kubernetes/objects.ts';
import { deployments, type ResourceType, services } from '../../../../kubernetes/resources.ts';
import { problems } from '../../errors.ts';
import type { Gateway } from '../../settings.ts';
import type { Action } from '../../skills/action.ts';
import type { Skill } from '../../skills/skill.ts';
import { clusterAnswer } from '../../tasks/cluster-answer.ts';
import { skillEnvironment } from '../delivered.ts';
import type { ActionStatus, Deployer } from '../deployer.ts';
import { daemonName, skillSelector } from '../names.ts';
import { typesOf } from './kinds.ts';
import { resourcesOf } from './resources.ts';

type Parts = Pick<Gateway, 'namespace' | 'apiEndpoint'>;

export function clusterDeployer(client: KubernetesClient, gateway: Parts, kinds: readonly string[]): Deployer {
  const { namespace } = gateway;
  const types = [...new Set([deployments, services, ...typesOf(kinds)])];
  const resources = (skill: Skill, actions: readonly Action[]) =>
    resourcesOf(skill, actions, {
      namespace,
      environment: skillEnvironment(gateway, skill.projectId),
      allowedKinds: new Set(kinds),
    });
  return {
    resources,
    async deploy(skill, actions) {
      const wanted = resources(skill, actions);
      for (const object of wanted) await clusterAnswer(apply(client, typeIn(types, object), object, skill));
      await clusterAnswer(prune(client, types, namespace, skill, wanted));
    },
    undeploy: (skill) => clusterAnswer(prune(client, types, namespace, skill, [])),
    async status(skill, actions) {
      return Promise.all(actions.map((action) => statusOf(client, namespace, skill, action)));
    },
  };
}

/** `resourcesOf` lets no other kinds through. */
function typeIn(types: readonly ResourceType[], { kind }: KubernetesObject): ResourceType {
  const type = types.find((each) => each.kind === kind);
  if (!type) throw new Error(`skills cannot bring resources of kind ${kind}`);
  return type;
}

/** Server-side apply: what others have set stays; a name that another skill or somebody else has is refused. */
async function apply(
  client: KubernetesClient,
  type: ResourceType,
  object: KubernetesObject,
  skill: Skill,
): Promise<void> {
  const { namespace, name = '', labels = {} } = object.metadata ?? {};
  const holder = await client.get<KubernetesObject>(type, namespace, name).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  });
  const isOurs = !holder || isSubset(labelsOfSkill(labels), holder.metadata?.labels ?? {});
  if (!isOurs) {
    const message = `${type.kind} ${name} is there already, and not this skill's`;
    throw problems.notDeployable(skill.name, [{ type: 'k8sResources', name, path: ['actions'], message }]);
  }
  await client.patch(type, namespace, name, 'apply', object, { fieldManager: 'fabric-gateway', force: true });
}

function labelsOfSkill(labels: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(labels).filter(([name]) => /\/(project|skill)$/.test(name));
  return Object.fromEntries(entries);
}

function isSubset(part: Readonly<Record<string, string>>, whole: Readonly<Record<string, string>>): boolean {
  return Object.entries(part).every(([name, value]) => whole[name] === value);
}

/** Removes what the skill has and should not have. */
async function prune(
  client: KubernetesClient,
  types: readonly ResourceType[],
  namespace: string,
  skill: Skill,
  wanted: readonly KubernetesObject[],
): Promise<void> {
  const kept = new Set(wanted.map(({ kind, metadata }) => `${kind} ${metadata?.name}`));
  for (const type of types) {
    const { items } = await client.list<KubernetesObject>(type, { namespace, labelSelector: skillSelector(skill) });
    for (const { metadata } of items) {
      const name = metadata?.name ?? '';
      if (kept.has(`${type.kind} ${name}`)) continue;
      await client.delete(type, namespace, name, { propagationPolicy: 'Background' }).catch((error: unknown) => {
        if (!hasReason(error, 'NotFound')) throw error;
      });
    }
  }
}

async function statusOf(
  client: KubernetesClient,
  namespace: string,
  skill: Skill,
  action: Action,
): Promise<ActionStatus> {
  const { name, type } = action;
  if (type === 'job') return { name, state: 'DEPLOYED' };
  try {
    const daemon = daemonName(skill.projectId, skill.name, name);
    const { spec, status } = await client.get<Deployment>(deployments, namespace, daemon);
    const progress = status?.conditions?.find((condition) => condition.type === 'Progressing');
    if (progress?.reason === 'ProgressDeadlineExceeded') return { name, state: 'FAILED' };
    return { name, state: (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1) ? 'READY' : 'PENDING' };
  } catch (error) {
    if (hasReason(error, 'NotFound')) return { name, state: 'FAILED' };
    throw error;
  }
}
