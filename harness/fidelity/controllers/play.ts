/**
 * Plays one case on a cluster, real or simulated: its steps at their times, then the rest of the time in which it is
 * watched.
 */
import { ApiStatusError, type KubernetesClient } from '../../../kubernetes/client.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import {
  configMaps,
  cronJobs,
  jobs,
  namespaces,
  pods,
  type ResourceType,
  serviceAccounts,
} from '../../../kubernetes/resources.ts';
import type { Clock } from '../../../world/clock.ts';
import { durationMs } from '../../documents/duration.ts';
import { createNamespace } from '../../environments/controlplane/namespace.ts';
import type { CaseStep, ControllerCase, Target } from './case.ts';
import type { Observation, Version } from './observation.ts';

/** A cluster to play on. */
export interface Stage {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly observation: Observation;
}

export interface Played {
  readonly namespace: string;
  /** Epoch ms of the start. */
  readonly startAt: number;
  readonly versions: readonly Version[];
  /** Steps that the server refused: text and what it said. */
  readonly refusals: readonly string[];
}

/** The namespace is there this long before the start. */
export const PREPARATION_MS = 4_000;

/** A case is watched this much longer: what one cluster does just before the end, the other may do just after. */
export const MARGIN_MS = 7_000;

const types: Readonly<Record<string, ResourceType>> = {
  job: jobs,
  cronjob: cronJobs,
  pod: pods,
  configmap: configMaps,
  namespace: namespaces,
  serviceaccount: serviceAccounts,
};

/** Resolves when the case's time is over. `startAt` is an instant at least `PREPARATION_MS` ahead. */
export async function play(one: ControllerCase, stage: Stage, startAt: number): Promise<Played> {
  const { clock, client, observation } = stage;
  const until = (at: number) => clock.sleep(Math.max(0, at - clock.now()));
  await until(startAt - PREPARATION_MS);
  await createNamespace(client, clock, one.namespace);
  const refusals: string[] = [];
  for (const step of one.steps) {
    await until(startAt + step.atMs);
    try {
      await act(one.namespace, step, stage, startAt);
    } catch (error) {
      if (!(error instanceof ApiStatusError)) throw error;
      refusals.push(`${step.text}: ${error.code} ${error.reason} ${error.message}`);
    }
  }
  const endAt = startAt + one.lastsMs + MARGIN_MS;
  await until(endAt);
  const versions = observation.of(one.namespace).filter(({ at }) => at <= endAt);
  return { namespace: one.namespace, startAt, versions, refusals };
}

async function act(namespace: string, step: CaseStep, stage: Stage, startAt: number): Promise<void> {
  const { client } = stage;
  const find = (target: Target) => stage.observation.find(namespace, target);
  if (step.create) {
    const object = filled(step.create, startAt, find);
    await client.create(typeOf(object.kind ?? ''), namespace, object);
  } else if (step.patch) {
    const { type, name } = resolve(step.patch, find);
    const options = step.status ? { subresource: 'status' } : {};
    await client.patch(type, namespace, name, 'merge', filled(step.body, startAt, find), options);
  } else if (step.delete) {
    const { type, name } = resolve(step.delete, find);
    const { propagation, graceSeconds } = step;
    await client.delete(type, type.namespaced ? namespace : undefined, type.namespaced ? name : namespace, {
      ...(propagation ? { propagationPolicy: propagation } : {}),
      ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
    });
  } else if (step.evict) {
    const { name } = resolve(step.evict, find);
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
    await client.create(pods, namespace, eviction, { subresource: 'eviction' });
  }
}

type Find = (target: Target) => KubernetesObject | undefined;

/**
 * A generated name is looked up; where nothing is found, the name stands as it is, and the server says that it is not
 * there.
 */
function resolve(target: Target, find: Find): { type: ResourceType; name: string } {
  const [kind = '', name = ''] = target.split('/');
  return { type: typeOf(kind), name: find(target)?.metadata?.name ?? name.replace('#', '-') };
}

function typeOf(kind: string): ResourceType {
  const type = types[kind.toLowerCase()];
  if (!type) throw new Error(`no case may name a ${kind}: ${Object.keys(types).join(', ')}`);
  return type;
}

const PLACEHOLDER = /\{(uid of|name of|minute|time) ([^}]+)\}/g;

function filled<T>(value: T, startAt: number, find: Find): T {
  const text = JSON.stringify(value).replace(PLACEHOLDER, (whole, what: string, rest: string) => {
    if (what === 'uid of') return find(rest)?.metadata?.uid ?? whole;
    if (what === 'name of') return find(rest)?.metadata?.name ?? whole;
    const at = startAt + (rest.startsWith('-') ? -1 : 1) * durationMs(rest.slice(1));
    return what === 'minute' ? String(Math.floor(at / 60_000)) : `${new Date(at).toISOString().slice(0, 19)}Z`;
  });
  return JSON.parse(text) as T;
}
