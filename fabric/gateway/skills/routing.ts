/** Where an input of a skill leads: to which action, in which runtime, and out by which output (contract 4.1). Pure. */
import { isObject } from '../../http/index.ts';
import type { Routing, RoutingTarget, SkillDocument } from '../schemas/skill.ts';

/** What a call is routed by. */
export interface Routed {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly payload: unknown;
}

export type Target = { readonly input: string; readonly target: RoutingTarget } | { readonly fault: string };

/**
 * The skill's input of that name; a skill with exactly one input is meant whatever the name (contract 4.1, Decision).
 */
export function inputOf(skill: SkillDocument, name: string): SkillDocument['inputs'][number] | undefined {
  return skill.inputs.find((input) => input.name === name) ?? only(skill.inputs);
}

/** The name of the skill's output that `name` means, by the same rule; undefined when it has none such. */
export function outputOf(skill: SkillDocument, name: string): string | undefined {
  return (skill.outputs.find((output) => output.name === name) ?? only(skill.outputs))?.name;
}

export function targetOf(skill: SkillDocument, inputName: string, routed: Routed): Target {
  const input = inputOf(skill, inputName);
  if (!input) return { fault: `skill ${JSON.stringify(skill.name)} has no input ${JSON.stringify(inputName)}` };
  const target = choose(input.routing, routed);
  if (target) return { input: input.name, target };
  return { fault: `no rule of input ${JSON.stringify(input.name)} of skill ${JSON.stringify(skill.name)} applies` };
}

/** All targets that the routing can lead to. */
export function targetsOf(routing: Routing): RoutingTarget[] {
  if (isToAll(routing)) return [routing.all];
  return [...routing.rules, ...(routing.default ? [routing.default] : [])];
}

function choose(routing: Routing, { properties, payload }: Routed): RoutingTarget | undefined {
  if (isToAll(routing)) return routing.all;
  const value = routing.property === undefined ? fieldOf(payload, routing.field ?? '') : properties[routing.property];
  return routing.rules.find(({ match }) => value !== undefined && String(match) === String(value)) ?? routing.default;
}

function isToAll(routing: Routing): routing is Extract<Routing, { all: unknown }> {
  return 'all' in routing && routing.all !== undefined;
}

/** `a.b` is a member of a member, unless a member has that very name. */
function fieldOf(payload: unknown, path: string): unknown {
  if (isObject(payload) && Object.hasOwn(payload, path)) return payload[path];
  let value = payload;
  for (const step of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** The values that the skill's properties have by default, as one flat object. */
export function propertiesOf(skill: SkillDocument): Record<string, unknown> {
  const valued = (skill.properties ?? []).filter(({ defaultValue }) => defaultValue !== undefined);
  return Object.fromEntries(valued.map(({ name, defaultValue }) => [name, defaultValue]));
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
