/**
 * What is measured: requests to the gateway, and the same to bare routes that do with the store what such a request
 * cannot do without.
 */

import type { Collection } from '../../fabric/gateway/stores/store.ts';
import { type HttpContext, sendStream } from '../../fabric/http/index.ts';
import type { Network } from '../../world/network.ts';

export const project = 'perf';
export const records = 1_000;
/** The one log that all of them have. */
export const logFolder = 'read';
const P = `/fabric/v4/projects/${project}`;

/** Of the record of a task that has ended. */
export interface PerfRecord {
  readonly projectId: string;
  readonly name: string;
  readonly startTime: number;
  readonly [field: string]: unknown;
}

/** What a bare route works on. */
export interface Bare {
  readonly collection: Collection<PerfRecord>;
  readonly context: HttpContext;
  readonly body: Record<string, unknown>;
  /** Asks the program of no duration. */
  askProgram(payload: unknown): Promise<unknown>;
  /** Asks managed content for a path. */
  askContent(path: string): ReturnType<Network['fetch']>;
}

export interface Measure {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** As Hono has it, for the bare route. */
  readonly route: string;
  /** `key` is no other request's. */
  path(key: string): string;
  body?(key: string): unknown;
  /** Sent with the credential of Fabric's services instead of a user's token. */
  readonly isInternal?: true;
  /** The bare route's work: what it gives is the answer, as JSON unless it is one already. */
  bare(given: Bare): Promise<unknown>;
}

export const measures: readonly Measure[] = [
  {
    name: 'list 20 of 1,000 tasks',
    method: 'GET',
    route: `${P}/tasks`,
    path: () => `${P}/tasks?compat=true&color=true&limit=20&skip=0&sort=%7B%22startTime%22%3A-1%7D`,
    async bare({ collection }) {
      const found = await collection.find({ filter: { projectId: project }, sort: { startTime: -1 }, limit: 20 });
      return { success: true, tasks: found.map(({ document }) => document) };
    },
  },
  {
    name: 'describe a task',
    method: 'GET',
    route: `${P}/tasks/:name`,
    path: (key) => `${P}/tasks/${recordOf(indexOf(key) % records).name}`,
    async bare({ collection, context }) {
      const filter = { projectId: project, name: context.req.param('name') };
      const [found] = await collection.find({ filter, limit: 1 });
      return { success: true, task: found?.document };
    },
  },
  {
    name: 'read 100 rows of a log',
    method: 'GET',
    route: `${P}/tasks/:name/logs`,
    path: (key) => `${P}/tasks/${recordOf(indexOf(key) % records).name}/logs?format=rows&limit=100&sort=newest`,
    async bare({ collection, context, askContent }) {
      const filter = { projectId: project, name: context.req.param('name') };
      await collection.find({ filter, limit: 1 });
      const answer = await askContent(`/internal/logs/${project}/${logFolder}/rows?limit=100&sort=newest`);
      return sendStream(context, answer.body ?? nothing(), { 'content-type': 'application/json' }, answer.status);
    },
  },
  {
    name: 'submit a task',
    method: 'POST',
    route: `${P}/tasks`,
    path: () => `${P}/tasks`,
    body: (key) => ({ name: `submitted-${key}`, skillName: 's', actionName: 'a', image: 'image', payload: { key } }),
    async bare({ collection, body }) {
      const name = String(body.name);
      // What is asked of the cluster is written before, and what came of it after.
      await collection.update(name, () => ({ ...body, projectId: project, name, startTime: 0, state: 'PENDING' }));
      await collection.update(name, (current) => current && { ...current, taskUid: name });
      return { success: true, name };
    },
  },
  {
    name: 'take a report of the operator',
    method: 'POST',
    route: '/internal/tasks/:uid',
    path: (key) => `/internal/tasks/reported-${key}`,
    body: (key) => ({ ...recordOf(0), name: `reported-${key}`, uid: `reported-${key}`, sequence: 1 }),
    isInternal: true,
    async bare({ collection, context, body }) {
      const report = body as PerfRecord;
      await collection.update(context.req.param('uid') ?? '', (current) => ({ ...current, ...report }));
      return { success: true, accepted: true };
    },
  },
  {
    name: 'invoke an agent',
    method: 'POST',
    route: `${P}/agentinvoke/*`,
    path: () => `${P}/agentinvoke/perf-agent/services/input?sync=false`,
    body: (key) => ({ payload: { key } }),
    async bare({ collection, body, askProgram }) {
      const name = `activation-${activations++}`;
      await collection.update(name, () => ({ ...body, projectId: project, name, startTime: 0 }));
      // What was acknowledged is done behind the answer, and its outcome written.
      void askProgram(body.payload).then((response) =>
        collection.update(name, (current) => current && { ...current, response }),
      );
      return { success: true, activationId: name };
    },
  },
];

async function* nothing(): AsyncGenerator<Uint8Array> {}

let activations = 0;

function indexOf(key: string): number {
  return Number(key.replace(/^.*-/, ''));
}

/** One of those that are there from the start. */
export function recordOf(index: number): PerfRecord {
  const startTime = Date.UTC(2026, 0, 1) + index * 60_000;
  return {
    projectId: project,
    name: `task-${index}`,
    jobType: 'onetime',
    state: 'COMPLETE',
    status: 'COMPLETE',
    skillName: 's',
    actionName: 'a',
    username: 'perf',
    startTime,
    endTime: startTime + 30_000,
    logs: { key: `tasks/${logFolder}/log.txt`, lines: 1, bytes: 1, complete: true, missing: [] },
  };
}
