/** Who a fault of the network may name: a party that nobody has is a typing error, and the fault would never happen. */
import { isOfCluster } from '../../simulator/services/names.ts';
import type { NetworkFault } from '../../world/simulated/faults.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import { DocumentError, type FieldIssue } from '../documents/fields.ts';

/** Hosts and processes that may come and go during a run. */
const ofFabric = ['content', 'gateway', 'kubernetes', 'operator'];

/**
 * Throws a DocumentError when `from` is no process, or `to` no host, of the simulation. Services may come later: their
 * names are taken.
 */
export function checkParties(fault: NetworkFault, simulation: Simulation): void {
  const processes = new Set([...ofFabric, ...simulation.processNames()]);
  const hosts = new Set([...ofFabric, ...simulation.network.hosts()]);
  const to = fault.to !== undefined && isOfCluster(fault.to) ? [] : fieldIssues('to', fault.to, hosts);
  const issues = [...fieldIssues('from', fault.from, processes), ...to];
  if (issues.length > 0) throw new DocumentError(issues);
}

function fieldIssues(field: 'from' | 'to', name: string | undefined, known: ReadonlySet<string>): FieldIssue[] {
  if (name === undefined || known.has(name)) return [];
  const list = [...known].sort().join(', ');
  return [{ field, message: `names ${JSON.stringify(name)}, which is nobody here: there are ${list}` }];
}
