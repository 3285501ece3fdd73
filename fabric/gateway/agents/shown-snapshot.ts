/** A snapshot as clients read it (contract 3.5). Pure. */
import type { Snapshot } from './snapshots.ts';

/** An item of a list. */
export function listedSnapshot(snapshot: Snapshot) {
  const { snapshotId, title, agentName, agentVersion, isTip, createdBy, createdAt, updatedAt } = snapshot;
  return { snapshotId, title, agentName, agentVersion, isTip, createdBy, createdAt, updatedAt };
}

/** With the agent; `withDependencies`: and all that it needed. */
export function shownSnapshot(snapshot: Snapshot, withDependencies: boolean) {
  const { agent, dependencies } = snapshot;
  return { ...listedSnapshot(snapshot), agent, ...(withDependencies ? { dependencies } : {}) };
}
