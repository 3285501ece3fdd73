/** What one sync of a CronJob asks of the API server; everything else it knows from the cache. */
import { ApiStatusError } from '../../../kubernetes/client.ts';
import type { CronJob, Job } from '../../../kubernetes/objects.ts';

export type EventType = 'Normal' | 'Warning';

/** Calls reject with ApiStatusError when the server refuses. */
export interface CronJobCluster {
  getCronJob(namespace: string, name: string): Promise<CronJob>;
  getJob(namespace: string, name: string): Promise<Job>;
  createJob(job: Job): Promise<Job>;
  /** With background policy. */
  deleteJob(namespace: string, name: string): Promise<void>;
  /** PUT on `/status`, with the resource version that the object carries. */
  updateStatus(cronJob: CronJob): Promise<void>;
  event(cronJob: CronJob, type: EventType, reason: string, message: string): void;
}

export function isNamespaceTerminating(error: unknown): boolean {
  if (!(error instanceof ApiStatusError)) return false;
  return error.status.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
