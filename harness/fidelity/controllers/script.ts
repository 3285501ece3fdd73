/**
 * The image of all containers of the cases: the actor, its script chosen by completion index or by how often it was
 * started before.
 */
import { actor } from '../../../fixtures/actor/actor.ts';
import type { Program } from '../../../simulator/node/runtimes/programs/program.ts';
import type { Deed } from './case.ts';

export const scriptImage = 'fidelity/script';

/** The program; it counts starts by Job (or index), so a cluster has one of its own. */
export function script(): Program {
  const starts = new Map<string, number>();
  return (context) => {
    const { pod, container, environment, args } = context;
    const key = `${pod.namespace}/${pod.name.replace(/-[a-z0-9]{5}$/, '')}/${container}`;
    const earlier = starts.get(key) ?? 0;
    starts.set(key, earlier + 1);
    const deed = JSON.parse(args[0] ?? '""') as Deed;
    return actor({ ...context, command: [], args: [chosen(deed, environment.JOB_COMPLETION_INDEX, earlier)] });
  };
}

function chosen(deed: Deed, index: string | undefined, earlier: number): string {
  if (typeof deed === 'string') return deed;
  const ofStart = earlier === 0 ? (deed.first ?? deed.then) : deed.then;
  return (index === undefined ? undefined : deed[index]) ?? ofStart ?? deed.others ?? '';
}
