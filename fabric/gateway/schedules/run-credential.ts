/**
 * The credential of a scheduled run (decision 0018). Nothing in the CronJob is secret: a run says which pod it is, and
 * the gateway asks the cluster. The pod's uid, random and known to whoever may read pods there, stands for the run
 * while the pod lives.
 */
import { timingSafeEqual } from 'node:crypto';
import { hasReason, type KubernetesClient } from '../../../kubernetes/client.ts';
import { controllerOf } from '../../../kubernetes/meta.ts';
import type { CronJob, Job, KubernetesObject, Pod } from '../../../kubernetes/objects.ts';
import { cronJobs, jobs, pods, type ResourceType } from '../../../kubernetes/resources.ts';
import { sysInvokeSkill } from '../../sys-invoke-skill/skill.ts';
import { type Task, taskContainer, tasks } from '../../task/index.ts';
import { activationIdOf } from '../activations/idempotency.ts';
import { problems } from '../errors.ts';
import { runToken } from '../runtimes/message-token.ts';
import type { Gateway } from '../settings.ts';
import { clusterProblem } from '../tasks/cluster-answer.ts';
import { isObjectName } from '../tasks/cluster-tasks.ts';

export interface RunCredential {
  readonly token: string;
  readonly activationId: string;
  readonly idempotencyKey: string;
}

/**
 * The pod's credential, for the user of its schedule. Throws `run-not-found` whatever is wrong with the pod,
 * `user-may-not` when the user has lost the project meanwhile.
 */
export async function runCredential(gateway: Gateway, podName: string, podUid: string): Promise<RunCredential> {
  const { client } = gateway;
  if (!client) throw problems.noCluster('a run of a schedule');
  const { task, job } = await provenRun(gateway, client, podName, podUid);
  const { username = '', projectId = '' } = task.spec ?? {};
  await checkRights(gateway, username, projectId);
  const idempotencyKey = job.metadata?.uid ?? '';
  const activationId = activationIdOf(projectId, idempotencyKey);
  gateway.world.log.info('credential of a run', { pod: podName, task: task.metadata?.name, username });
  return { token: runToken(gateway, { username, project: projectId }), activationId, idempotencyKey };
}

interface ProvenRun {
  readonly task: Task;
  readonly job: Job;
}

/**
 * Pod, Job, CronJob and Task, each the controller of the one before by uid; a run that was started again has a Task of
 * its own and no CronJob. The gateway lets no client make a Task of this skill.
 */
async function provenRun(gateway: Gateway, client: KubernetesClient, name: string, uid: string): Promise<ProvenRun> {
  const found = async <T extends KubernetesObject>(type: ResourceType, wantedName: string, wantedUid: string) => {
    const object = await client.get<T>(type, gateway.namespace, wantedName).catch((error: unknown) => {
      if (hasReason(error, 'NotFound')) throw problems.runNotFound();
      throw clusterProblem(error);
    });
    if (!isSame(object.metadata?.uid ?? '', wantedUid)) throw problems.runNotFound();
    return object;
  };
  if (!isObjectName(name) || uid === '') throw problems.runNotFound();
  const pod = await found<Pod>(pods, name, uid);
  const job = await found<Job>(jobs, ...ownerOf(pod, 'Job'));
  const isOnce = job.metadata?.ownerReferences?.some(({ kind, controller }) => kind === 'Task' && controller === true);
  const ofTask = isOnce ? job : await found<CronJob>(cronJobs, ...ownerOf(job, 'CronJob'));
  const task = await found<Task>(tasks, ...ownerOf(ofTask, 'Task'));
  if (!mayAct(pod, task)) throw problems.runNotFound();
  return { task, job };
}

/** What ended acts no more; one that is being deleted has its activation to cancel. */
function mayAct(pod: Pod, task: Task): boolean {
  const hasEnded = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  const { skillName, agentName } = task.spec ?? {};
  const isOurs = skillName === sysInvokeSkill && typeof agentName === 'string';
  return !hasEnded && isOurs && pod.spec?.containers[0]?.name === taskContainer;
}

function ownerOf(object: KubernetesObject, kind: string): [name: string, uid: string] {
  const owner = controllerOf(object);
  if (owner?.kind !== kind) throw problems.runNotFound();
  return [owner.name, owner.uid];
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length > 0 && one.length === other.length && timingSafeEqual(one, other);
}

/** Users come and go while a schedule stays. */
async function checkRights({ access }: Gateway, username: string, project: string): Promise<void> {
  if (!access) return;
  const user = (await access.users.current()).byName.get(username);
  if (!user?.projects.has('*') && !user?.projects.has(project)) throw problems.userMayNot(username, project);
}
