/** Differences from a real control plane that are right or accepted, each with the reason. Whatever is not here is a bug. */
import type { Difference } from './compare.ts';

export interface Accepted {
  /** One sentence: why the difference may stand. */
  readonly why: string;
  /** Matched against `topic: case`; any case when absent. */
  readonly cases?: RegExp;
  /** Matched against the place of the difference: `2 GET /api: body.versions.0`. */
  readonly at: RegExp;
  /** Matched against the JSON of the value; `(not there)` when there is none. Any value when absent. */
  readonly real?: RegExp;
  readonly simulated?: RegExp;
}

const notThere = /^\(not there\)$/;
const message = /body\.(?:message|details\.causes\.\d+\.message)$/;

export const accepted: readonly Accepted[] = [
  {
    why: 'The prose of column descriptions is our own: the text of Kubernetes’ documentation is not copied.',
    at: /columnDefinitions\.\d+\.description$/,
  },
  {
    why: 'The message names a source file of the machine that built the server.',
    at: message,
    real: /in scheme \\"/,
    simulated: /in scheme \\"/,
  },
  {
    why: 'Groups, resources and subresources that are not simulated are not told of either.',
    cases: /^(?:discovery|errors: without a token)/,
    at: /body\.(?:groups|resources|items)\.[^:]+$/,
    real: /^\{/,
    simulated: notThere,
  },
  {
    why: 'The real server prints its own Go structures (and their difference) into the message; the simulator names the members.',
    at: message,
    real: /pod updates may not change fields|\\"Rules\\":|\{\\"Volumes\\"/,
  },
  {
    why: 'What a patch made of an object is printed as JSON in another order of members, and a Go map as JSON.',
    at: message,
    real: /Invalid value: \\"(?:\{\\\\\\"|map\[)/,
  },
  {
    why: 'The words of the YAML parser are those of another library.',
    at: message,
    real: /yaml: line \d+: /,
    simulated: /at line \d+, column/,
  },
  {
    why: 'A continue token of nobody is refused with words of our own: the real ones depend on the bytes of the token.',
    cases: /continue=nonsense$/,
    at: /body\.message$/,
    real: /^"invalid continue token: continue key is not valid: /,
    simulated: /^"invalid continue token: continue key is not valid: /,
  },
  {
    why: 'Claims get no protecting finalizer: no controller of the simulator would ever lift it.',
    cases: /PersistentVolumeClaim of v1|persistentvolumeclaims of v1/,
    at: /finalizers|deletion|status$|body\.(?:details|kind|metadata|spec|status|apiVersion|message|code|reason)|body\.\d+/,
  },
  {
    why: 'Kinds that are stored and not acted upon are checked in structure and metadata only; the rules of their own are missing.',
    cases:
      /an invalid (?:PersistentVolumeClaim|Endpoints|LimitRange|ResourceQuota|StatefulSet|DaemonSet|PriorityClass|PodDisruptionBudget) of/,
    at: /./,
  },
  {
    why: 'The annotation that old clients want on DaemonSets is shown in tables too.',
    cases: /DaemonSet of apps\/v1 as a table$/,
    at: /metadata\.annotations$/,
  },
  {
    why: 'Reviews and token requests are not stored: nobody needs to know who wrote them.',
    cases: /^subresources: (?:tokens|who am I)/,
    at: /body\.metadata\.managedFields$/,
    simulated: notThere,
  },
  {
    why: 'The real server loses all owners when a custom resource is written in a version that is not the stored one; here they stay.',
    cases: /^custom resources: two versions of one Widget$/,
    at: /metadata\.managedFields$/,
    real: notThere,
  },
  {
    why: 'Costs of validation rules are not estimated, so that a rule over unbounded lists is taken.',
    cases: /^definitions: a schema with a rule that costs too much$/,
    at: /status$/,
    real: /estimated rule cost/,
  },
  {
    why: 'These faults of a definition are not looked for: paths of selectable fields, defaults inside metadata, a second storage version in the status.',
    cases:
      /^definitions: a (?:definition with (?:selectable fields|two storage versions)|schema with a default in metadata)$/,
    at: /status$|body\.(?:message|details\.causes\.1)$/,
  },
  {
    why: 'A bookmark holds type and version; the real server writes the empty structures of the kind beside them.',
    cases: /^watches: the end of the initial events/,
    at: /body\.1\.object\.(?:spec|status)$/,
    simulated: notThere,
  },
  {
    why: 'The simulator names no commit that it was built from.',
    at: /body\.gitCommit$/,
  },
  {
    why: 'A patch whose members are all unknown changes nothing; the real server counts it as a write when it replaces a list by its like.',
    cases: /^options: unknown members inside a Job$/,
    at: /^4 PATCH .*resourceVersion$/,
  },
  {
    why: 'A JSON patch that replaces the whole object, or adds nothing under a name, is read as the patch says; Go’s library has it otherwise.',
    cases: /^patches: json patch (?:of the whole|without a value)$/,
    at: /./,
  },
  {
    why: 'The annotations of old seccomp profiles are not judged.',
    cases: /^options: warnings of a pod with a deprecated annotation$/,
    at: /status$/,
  },
  {
    why: 'The Scale that a patch made no Scale of is refused in the words for the object behind it.',
    cases: /^subresources: scale of a custom resource$/,
    at: /^8 PATCH .*body\./,
  },
  {
    why: 'How often a repeated refusal stands in the causes differs from kind to kind upstream.',
    cases: /an invalid (?:Namespace|Event|ServiceAccount|DeviceClass)/,
    at: /details\.causes\.\d+$/,
    simulated: notThere,
  },
];

/** The first entry that explains the difference. */
export function reasonFor(list: readonly Accepted[], title: string, difference: Difference): Accepted | undefined {
  return list.find(
    (each) =>
      (each.cases?.test(title) ?? true) &&
      each.at.test(difference.at) &&
      (each.real?.test(textOf(difference.real)) ?? true) &&
      (each.simulated?.test(textOf(difference.simulated)) ?? true),
  );
}

function textOf(value: unknown): string {
  return value === undefined ? '(not there)' : JSON.stringify(value);
}
