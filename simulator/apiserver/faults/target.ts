/** Whether a fault concerns a request or a watch. */
import { qualifiedResource } from '../errors.ts';
import type { Resource } from '../kinds/resource.ts';
import type { ApiFaultTarget } from './fault.ts';

export interface FaultSubject {
  /** User-Agent as it came, or the name of a controller in the server's process. */
  readonly caller: string;
  readonly inProcess: boolean;
  readonly verb: string;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  /** undefined: all namespaces, or none. */
  readonly namespace: string | undefined;
}

const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];

export function isWrite(verb: string): boolean {
  return writes.includes(verb);
}

/**
 * True if the fault hits it. A fault of one namespace hits watches over all: which of their events, `concernsObject`
 * says.
 */
export function concerns(target: ApiFaultTarget, subject: FaultSubject): boolean {
  const { caller, verb, resource, namespace } = target;
  if (caller === undefined ? subject.inProcess : !callerNames(subject.caller).includes(caller)) return false;
  if (verb !== undefined && verb !== subject.verb && !(verb === 'write' && isWrite(subject.verb))) return false;
  if (resource !== undefined && !resourceNames(subject).includes(resource)) return false;
  if (namespace === undefined || namespace === subject.namespace) return true;
  return subject.verb === 'watch' && subject.namespace === undefined;
}

/** `orrery-operator`, as our client signs itself, is the process `operator`. */
function callerNames(userAgent: string): string[] {
  const program = userAgent.split('/')[0]?.trim() ?? '';
  return [program, program.replace(/^orrery-/, '')];
}

function resourceNames({ resource, subresource }: FaultSubject): string[] {
  const names = [resource.plural, qualifiedResource(resource)];
  return subresource === undefined ? names : [...names, ...names.map((name) => `${name}/${subresource}`)];
}
