/**
 * What is wrong with an agent's document beyond its shape: all faults at once, each with its path (contract 4.2). Pure.
 */
import type { ProblemDetail } from '../../http/index.ts';
import { documentNameFault } from '../actions/normalize.ts';
import type { AgentDocument } from '../schemas/agent.ts';

type Path = readonly (string | number)[];

/**
 * References must resolve within the document; whether the skills exist is looked at when it is deployed and invoked.
 */
export function agentFaults(document: AgentDocument): ProblemDetail[] {
  const faults: ProblemDetail[] = [];
  const fault = (path: Path, message: string) => {
    faults.push({ type: 'agent', name: String(path.at(-1)), path, message });
  };
  const nameFault = documentNameFault(document.name);
  if (nameFault !== undefined) fault(['name'], nameFault);
  if (document.inputs.length === 0) fault(['inputs'], 'an agent needs an input at least: the service that is invoked');
  repeated(document.inputs, 'name', (index, name) => fault(['inputs', index, 'name'], `input ${name} is there twice`));
  repeated(document.inputs, 'signalId', (index, id) => fault(['inputs', index, 'signalId'], `${id} is there twice`));
  repeated(document.outputs, 'name', (index, name) =>
    fault(['outputs', index, 'name'], `output ${name} is there twice`),
  );
  repeated(document.outputs, 'signalId', (index, id) => fault(['outputs', index, 'signalId'], `${id} is there twice`));
  repeated(document.skills, 'refId', (index, id) => fault(['skills', index, 'refId'], `${id} is there twice`));
  const outputs = new Set(document.outputs.map(({ name }) => name));
  for (const [index, { output }] of document.inputs.entries()) {
    if (output === undefined || outputs.has(output)) continue;
    fault(['inputs', index, 'output'], `the agent has no output ${JSON.stringify(output)}`);
  }
  wireFaults(document, fault);
  return faults;
}

function wireFaults({ inputs, outputs, skills, mappings }: AgentDocument, fault: (path: Path, text: string) => void) {
  const known = {
    input: new Set(inputs.map(({ signalId }) => signalId)),
    output: new Set(outputs.map(({ signalId }) => signalId)),
    skill: new Set(skills.map(({ refId }) => refId)),
  };
  const check = (path: Path, kind: keyof typeof known, id: string) => {
    if (!known[kind].has(id)) fault(path, `the agent has no ${kind} ${JSON.stringify(id)}`);
  };
  for (const [index, { from, to }] of mappings.entries()) {
    const at = (...steps: string[]) => ['mappings', index, ...steps];
    if ('input' in from) check(at('from', 'input', 'signalId'), 'input', signalIdOf(from.input));
    else check(at('from', 'skill', 'refId'), 'skill', refIdOf(from.skill));
    if ('output' in to) check(at('to', 'output', 'signalId'), 'output', signalIdOf(to.output));
    else check(at('to', 'skill', 'refId'), 'skill', refIdOf(to.skill));
  }
}

function signalIdOf(end: unknown): string {
  return (end as { signalId: string }).signalId;
}

function refIdOf(end: unknown): string {
  return (end as { refId: string }).refId;
}

function repeated<Key extends string>(
  list: readonly Readonly<Record<Key, string>>[],
  key: Key,
  found: (index: number, value: string) => void,
): void {
  const seen = new Set<string>();
  for (const [index, each] of list.entries()) {
    if (seen.has(each[key])) found(index, JSON.stringify(each[key]));
    seen.add(each[key]);
  }
}
