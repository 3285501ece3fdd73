/** What is wrong with a skill's document beyond its shape: all faults at once, each with its path. Pure. */
import type { ProblemDetail } from '../../http/index.ts';
import { documentNameFault, normalizeAction } from '../actions/normalize.ts';
import type { SkillDocument } from '../schemas/skill.ts';
import type { Action } from './action.ts';
import { targetsOf } from './routing.ts';
import type { SkillContent } from './skill.ts';

export type CheckedSkill = { readonly content: SkillContent } | { readonly faults: readonly ProblemDetail[] };

/**
 * The skill as it is kept. Actions that routings name may be saved on their own: that is looked at when it is deployed.
 */
export function checkSkill(document: SkillDocument): CheckedSkill {
  const faults: ProblemDetail[] = [];
  const fault = (path: readonly (string | number)[], message: string) => {
    faults.push({ type: 'skill', name: String(path.at(-1)), path, message });
  };
  const nameFault = documentNameFault(document.name);
  if (nameFault !== undefined) fault(['name'], nameFault);
  for (const list of ['inputs', 'outputs', 'properties', 'actions'] as const) {
    for (const [index, name] of repeated(document[list] ?? [])) fault([list, index, 'name'], `${name} is there twice`);
  }
  if (document.inputs.length === 0) fault(['inputs'], 'a skill needs an input at least');
  checkRoutings(document, fault);
  const actions: Action[] = [];
  for (const [index, action] of (document.actions ?? []).entries()) {
    const normalized = normalizeAction(action, undefined, ['actions', index]);
    if ('faults' in normalized) faults.push(...normalized.faults);
    else actions.push(normalized.action);
  }
  if (faults.length > 0) return { faults };
  return { content: { document: readBack(document), actions } };
}

type Fault = (path: readonly (string | number)[], message: string) => void;

function checkRoutings(document: SkillDocument, fault: Fault): void {
  const outputs = new Set(document.outputs.map(({ name }) => name));
  const isOnly = document.outputs.length === 1;
  for (const [index, input] of document.inputs.entries()) {
    const path = ['inputs', index, 'routing'];
    const targets = targetsOf(input.routing);
    if (targets.length === 0) fault(path, 'a routing needs "all", or rules or a default');
    if (!('all' in input.routing) && !input.routing.property && !input.routing.field) {
      fault(path, 'a routing by rules needs the "property" or the "field" that they match');
    }
    for (const { runtime, action, output } of targets) {
      if (runtime !== 'cortex/external-api' && !action) fault(path, `runtime ${runtime} needs an action`);
      if (!outputs.has(output) && !isOnly) fault(path, `the skill has no output ${JSON.stringify(output)}`);
    }
  }
}

function repeated(list: readonly { readonly name: string }[]): [number, string][] {
  const seen = new Set<string>();
  return list.flatMap(({ name }, index): [number, string][] => {
    if (seen.has(name)) return [[index, JSON.stringify(name)]];
    seen.add(name);
    return [];
  });
}

/** As the platform gives it back: `required` a boolean, lists where there was nothing. */
function readBack(document: SkillDocument): SkillDocument {
  const isRequired = <T extends { required?: unknown }>(each: T) =>
    each.required === undefined ? each : { ...each, required: String(each.required).toLowerCase() === 'true' };
  const withParameters = <T extends { parameters?: SkillDocument['inputs'][number]['parameters'] }>(signal: T): T => ({
    ...signal,
    parameters: Array.isArray(signal.parameters) ? signal.parameters.map(isRequired) : (signal.parameters ?? []),
  });
  return {
    ...document,
    tags: document.tags ?? [],
    properties: (document.properties ?? []).map(isRequired),
    inputs: document.inputs.map(withParameters),
    outputs: document.outputs.map(withParameters),
  };
}
