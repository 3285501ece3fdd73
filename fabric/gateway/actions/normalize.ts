/**
 * An action in any of the forms in which it is sent (contract 3.8, 4.1), as the one form that is kept. Pure; each fault
 * is a detail with its path.
 */
import { isObject, jsonOrUndefined, type ProblemDetail } from '../../http/index.ts';
import type { ActionDocument } from '../schemas/action.ts';
import type { Action } from '../skills/action.ts';

export type Normalized = { readonly action: Action } | { readonly faults: readonly ProblemDetail[] };

/** `actionType` of the query counts when the document names none. `path` is where the document stands in the body. */
export function normalizeAction(
  document: ActionDocument,
  actionType?: string,
  path: readonly (string | number)[] = [],
): Normalized {
  const faults: ProblemDetail[] = [];
  const fault = (field: string, message: string) => {
    faults.push({ type: 'action', name: field, path: [...path, field], message });
    return undefined;
  };
  const type = document.type ?? document.actionType ?? (actionType || 'job');
  if (type !== 'job' && type !== 'daemon') fault('type', `type must be job or daemon, not ${JSON.stringify(type)}`);
  const nameFault = documentNameFault(document.name);
  if (nameFault !== undefined) fault('name', nameFault);
  const image = document.image || document.docker;
  if (!image) fault('image', 'image is missing: the container image that runs the action');
  const port = wholeNumber(document.port, 1, 65_535);
  if (port === 'fault') fault('port', `port must be a number from 1 to 65535, not ${shown(document.port)}`);
  const scaleCount = wholeNumber(document.scaleCount, 0, 1_000);
  if (scaleCount === 'fault')
    fault('scaleCount', `scaleCount must be from 0 to 1000, not ${shown(document.scaleCount)}`);
  const jobTimeout = wholeNumber(document.jobTimeout, 1, 2_147_483_647);
  if (jobTimeout === 'fault')
    fault('jobTimeout', `jobTimeout must be whole seconds, not ${shown(document.jobTimeout)}`);
  const command = commandOf(document.command);
  if (!command) fault('command', 'command must be a list of texts, or such a list as a JSON text');
  const environment = environmentOf(document.environmentVariables);
  if (typeof environment === 'string') fault('environmentVariables', environment);
  const podSpec = podSpecOf(document.podSpec);
  if (!podSpec) fault('podSpec', 'podSpec must be a list of {path, value}, or empty');
  const k8sResources = resourcesOf(document.k8sResources);
  if (!k8sResources)
    fault('k8sResources', 'k8sResources must be objects with apiVersion, kind and metadata.name, or their JSON');
  const policy = policyOf(document.concurrencyPolicy);
  if (policy === 'fault') fault('concurrencyPolicy', 'concurrencyPolicy must be Allow, Forbid or Replace');
  if (faults.length > 0) return { faults };
  return {
    action: {
      name: document.name,
      type: type as Action['type'],
      image: image as string,
      command: command as string[],
      environment: environment as Record<string, string>,
      podSpec: podSpec as Action['podSpec'],
      k8sResources: k8sResources as Action['k8sResources'],
      ...(port === undefined ? {} : { port: port as number }),
      ...(scaleCount === undefined ? {} : { scaleCount: scaleCount as number }),
      ...(jobTimeout === undefined ? {} : { jobTimeout: jobTimeout as number }),
      ...(policy === undefined ? {} : { concurrencyPolicy: policy as Action['concurrencyPolicy'] }),
    },
  };
}

/**
 * What is wrong with the name of an agent, a skill, an action or a type: one slash may stand in it (contract trap 3).
 */
export function documentNameFault(name: string): string | undefined {
  const part = '[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?';
  if (name.length <= 128 && new RegExp(`^${part}(/${part})?$`).test(name)) return undefined;
  return `${shown(name)} is no name: at most 128 letters, digits, ".", "_", "-" and one "/", with a letter or digit at all ends`;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 120);
}

/** Numbers come as texts too; nothing is undefined. */
function wholeNumber(given: unknown, minimum: number, maximum: number): number | undefined | 'fault' {
  if (given === undefined || given === null || given === '') return undefined;
  const number = typeof given === 'number' ? given : /^\d{1,10}$/.test(String(given)) ? Number(given) : Number.NaN;
  return Number.isInteger(number) && number >= minimum && number <= maximum ? number : 'fault';
}

function commandOf(given: unknown): string[] | undefined {
  if (given === undefined || given === null || given === '') return [];
  const value = typeof given === 'string' ? jsonOrUndefined(given) : given;
  return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : undefined;
}

/** `"A"="b","C"="d"`, quotes optional, or an object. A text says what is wrong. */
function environmentOf(given: unknown): Record<string, string> | string {
  if (given === undefined || given === null || given === '') return {};
  const pairs = typeof given === 'string' ? pairsOf(given) : Object.entries(given as object);
  if (!pairs) return 'environmentVariables must be pairs such as "NAME"="value","OTHER"="value", or an object';
  const variables: [string, string][] = [];
  for (const [name, value] of pairs) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) return `${shown(name)} is no name of an environment variable`;
    if (isObject(value) || Array.isArray(value)) return `the value of ${name} must be a text, a number or a boolean`;
    variables.push([name, value === null ? '' : String(value)]);
  }
  return Object.fromEntries(variables);
}

/** One name or value: quoted, with `\"` for a quote, or bare up to `=` or `,`. */
const pair = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^"=,\s]+))\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*))\s*(?:,|$)/;

function pairsOf(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const match = pair.exec(rest);
    if (!match) return undefined;
    const [whole, quotedName, bareName, quotedValue, bareValue] = match;
    pairs.push([unquoted(quotedName) ?? bareName ?? '', unquoted(quotedValue) ?? (bareValue ?? '').trim()]);
    rest = rest.slice(whole.length);
  }
  return pairs;
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/g, '$1');
}

function podSpecOf(given: unknown): Action['podSpec'] | undefined {
  if (given === undefined || given === null || given === '') return [];
  const value = typeof given === 'string' ? jsonOrUndefined(given) : given;
  if (!Array.isArray(value)) return undefined;
  const isPatch = (each: unknown) => isObject(each) && typeof each.path === 'string' && each.path.startsWith('/');
  return value.every(isPatch) ? value.map(({ path, value: to }) => ({ path, value: to ?? null })) : undefined;
}

function resourcesOf(given: unknown): Action['k8sResources'] | undefined {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) return undefined;
  const resources = given.map((each) => (typeof each === 'string' ? jsonOrUndefined(each) : each));
  return resources.every(isResource) ? resources : undefined;
}

function isResource(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return false;
  return isObject(value.metadata) && typeof value.metadata.name === 'string';
}

function policyOf(given: unknown): string | undefined {
  if (given === undefined || given === null || given === '') return undefined;
  return given === 'Allow' || given === 'Forbid' || given === 'Replace' ? given : 'fault';
}
