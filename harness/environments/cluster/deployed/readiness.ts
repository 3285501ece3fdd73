/**
 * Why a Deployment is not ready, in words for whoever has to do something about it: a pure function of it and its pods.
 */
import type { Deployment, Pod } from '../../../../kubernetes/objects.ts';
import type { FabricService } from '../../environment.ts';

export interface Diagnosis {
  readonly reason: string;
  readonly remedy: string;
  /** Waiting does not help. */
  readonly isFinal: boolean;
}

export class ServiceNotReadyError extends Error {
  override readonly name = 'ServiceNotReadyError';
  readonly service: FabricService;
  readonly namespace: string;
  readonly remedy: string;

  /** `words` are the last lines of its log: the namespace does not stay to be looked at. */
  constructor(
    service: FabricService,
    namespace: string,
    waitedMs: number,
    { reason, remedy }: Diagnosis,
    words: readonly string[],
  ) {
    const seconds = Math.round(waitedMs / 1000);
    const said = words.length === 0 ? '' : `\nits last words: ${words.join('\n')}`;
    super(`${service} in ${namespace} is not ready after ${seconds} s: ${reason}${said}\nwhat to do: ${remedy}`);
    this.service = service;
    this.namespace = namespace;
    this.remedy = remedy;
  }
}

/** All of its pods are there, ready, and of its newest template. */
export function isReady({ metadata, spec, status }: Deployment): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 1) &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted
  );
}

const HOST_REMEDY = 'or keep the services out of the cluster: --host';

/** What stands in the way of a Deployment that is not ready. */
export function diagnose(service: FabricService, deployment: Deployment, pods: readonly Pod[]): Diagnosis {
  const [pod] = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  if (!pod) return withoutPods(deployment);
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') {
    return {
      reason: `no node takes its pod: ${scheduled.message ?? scheduled.reason}`,
      remedy: `free CPU or memory on the nodes, play fewer scenarios at once (orrery run NAME ...), ${HOST_REMEDY}`,
      isFinal: false,
    };
  }
  const status = pod.status?.containerStatuses?.[0];
  const { reason = '', message = '' } = status?.state?.waiting ?? {};
  if (/^(ErrImage|ImagePull|InvalidImageName)/.test(reason)) {
    return {
      reason: `its image does not come: ${reason} ${message}`.trim(),
      remedy: `push ${status?.image ?? 'it'} where the nodes can pull it, name another place (--images PREFIX --tag TAG), ${HOST_REMEDY}`,
      // A first failure may be a registry that is busy.
      isFinal: reason === 'ImagePullBackOff' || reason === 'InvalidImageName',
    };
  }
  const ended = status?.state?.terminated ?? status?.lastState?.terminated;
  const remedy = `apply deploy/base with the same images in a namespace that stays (kubectl apply -k) and look at ${service} there, ${HOST_REMEDY}`;
  if (ended && !status?.ready) {
    return { reason: `it ended with ${ended.exitCode} (${ended.reason ?? 'Error'})`, remedy, isFinal: false };
  }
  const words = reason === '' ? `its pod is ${pod.status?.phase ?? 'Pending'} and its probes do not succeed` : reason;
  return { reason: words, remedy, isFinal: false };
}

/** Admission refuses its pods, or nobody has made them yet. */
function withoutPods({ status }: Deployment): Diagnosis {
  const refused = status?.conditions?.find(({ type, status: value }) => type === 'ReplicaFailure' && value === 'True');
  return {
    reason: refused ? `its pods are refused: ${refused.message ?? refused.reason}` : 'it has no pod',
    remedy: `see what the cluster allows there (quotas, pod security, admission), ${HOST_REMEDY}`,
    isFinal: false,
  };
}
