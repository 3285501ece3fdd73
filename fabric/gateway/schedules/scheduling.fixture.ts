/** A guarded gateway with a skill and agents that can be scheduled. For tests. */
import { openGuardedBench, tokenOf } from '../access/access.fixture.ts';
import type { Ask } from '../bench.fixture.ts';

export const project = '/fabric/v4/projects/p1';

interface SkillWish {
  readonly properties?: readonly object[];
  readonly actions?: readonly object[];
}

export function skill(name: string, more: SkillWish = {}) {
  return {
    camel: '1.0.0',
    name,
    inputs: [{ name: 'input', routing: { all: { action: name, runtime: 'cortex/jobs', output: 'output' } } }],
    outputs: [{ name: 'output' }],
    actions: [{ name, type: 'job', image: 'look:1' }],
    ...more,
  };
}

export function agent(name: string, skills: readonly string[] = ['look'], properties: readonly object[] = []) {
  return {
    camel: '1.0.0',
    name,
    properties,
    inputs: [{ name: 'input', signalType: 'Service', signalId: 'in', output: 'output' }],
    outputs: [{ name: 'output', signalType: 'Service', signalId: 'out' }],
    skills: skills.map((skillName) => ({ refId: `ref-${skillName}`, skillName })),
    mappings: skills.flatMap((skillName) => [
      { from: { input: { signalId: 'in' } }, to: { skill: { refId: `ref-${skillName}`, input: 'input' } } },
      { from: { skill: { refId: `ref-${skillName}`, output: 'output' } }, to: { output: { signalId: 'out' } } },
    ]),
  };
}

export type SchedulingBench = Awaited<ReturnType<typeof openSchedulingBench>>;

/** Project `p1` of Ann with the skill `look` and the agents `hubble_agent` and `other`. */
export async function openSchedulingBench() {
  const bench = await openGuardedBench();
  /** Ann's token of now. */
  const ann = (path: string, ask: Ask = {}) => {
    const now = bench.simulation.now() / 1000;
    return bench.as(tokenOf('ann', { iat: now, exp: now + 120 }))(`${project}/${path}`, ask);
  };
  const save = async (kind: string, body: object) => {
    const answer = await ann(kind, { method: 'POST', body });
    if (answer.status !== 200) throw new Error(`${kind} ${answer.text}`);
  };
  await save('skills', skill('look'));
  await save('agents', agent('hubble_agent'));
  await save('agents', agent('other'));
  const schedule = (name: string, query: string, body: object = { payload: { text: 'test cron' } }) =>
    ann(`agentinvoke/${name}/services/input?sync=false&${query}`, { method: 'POST', body });
  return { ...bench, ann, save, schedule };
}
