/** Documents of skills and agents for scenarios, in the words that they need: the rest is filled in. Pure. */

import type { AgentDocument } from '../../fabric/gateway/schemas/agent.ts';
import type { SkillDocument } from '../../fabric/gateway/schemas/skill.ts';
import { actorCommand } from '../../fixtures/actor/actor.ts';

/** A skill of one job; `script` is the actor's, which is given the message as its payload. */
export function jobSkill(name: string, script: string, more: { readonly jobTimeout?: number } = {}): SkillDocument {
  const action = { name, type: 'job' as const, image: 'orrery/actor', command: [...actorCommand, script], ...more };
  return { ...skillOf(name, 'cortex/jobs'), actions: [action] };
}

/** A skill of one daemon, whose path says what it does (fixtures/daemons). */
export function daemonSkill(name: string, scaleCount = 1): SkillDocument {
  const action = { name, type: 'daemon' as const, image: 'orrery/daemon', port: 5000, scaleCount };
  return { ...skillOf(name, 'cortex/daemons'), actions: [action] };
}

function skillOf(name: string, runtime: 'cortex/jobs' | 'cortex/daemons'): SkillDocument {
  return {
    camel: '1.0.0',
    name,
    inputs: [{ name: 'request', routing: { all: { action: name, runtime, output: 'response' } } }],
    outputs: [{ name: 'response' }],
  };
}

/** Wires from skill to skill by their references; `input` and `output` are the agent's own. */
export type Wires = readonly (readonly [from: string, to: string])[];

/** An agent of the service `input`; each reference in the wires is a skill, `a:say` the skill `say` a second time. */
export function agentOf(name: string, wires: Wires, properties: Readonly<Record<string, unknown>> = {}): AgentDocument {
  const references = [...new Set(wires.flat())].filter((each) => each !== 'input' && each !== 'output');
  return {
    camel: '1.0.0',
    name,
    properties: Object.entries(properties).map(([property, value]) => ({ name: property, value })),
    inputs: [{ name: 'input', signalType: 'Service', signalId: 'the-input', output: 'output' }],
    outputs: [{ name: 'output', signalType: 'Service', signalId: 'the-output', parameters: [] }],
    skills: references.map((reference) => ({ refId: reference, skillName: reference.replace(/^.*:/, '') })),
    mappings: wires.map(([from, to]) => ({
      from: from === 'input' ? { input: { signalId: 'the-input' } } : { skill: { refId: from, output: 'response' } },
      to: to === 'output' ? { output: { signalId: 'the-output' } } : { skill: { refId: to, input: 'request' } },
    })),
  };
}
