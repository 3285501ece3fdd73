/**
 * Differences from a real control plane that are right or accepted, each with the reason. Whatever is not here is a
 * bug.
 */
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
    why: 'Where Go writes null for a list of an EndpointSlice that is empty or not set, the member is missing.',
    cases: /^services: an EndpointSlice with (?:no endpoints|endpoints that are an empty list)$/,
    at: /\.(?:f:)?(?:endpoints|ports)$/,
    simulated: notThere,
  },
  {
    why: 'Local commands are processes of this machine: their pods, and so the endpoints of their Services, have an address of the loopback.',
    cases: /^services: an EndpointSlice with an address of this machine$/,
    at: /(?:status|body\.rows\.0)$/,
  },
  {
    why: 'What columns say that show no one member stands in the source of the server alone: ours are our own words.',
    at: /columnDefinitions\.\d+\.description$/,
  },
  {
    why: 'Bindings as a resource of their own, states of components, and what needs a connection into a container are not there, and not told of either.',
    cases: /^discovery/,
    at: /(?:bindings|componentstatuses|attach|ephemeralcontainers|exec|portforward|proxy|resize)$/,
    real: /^\{/,
    simulated: notThere,
  },
  {
    why: 'The real server prints its own Go structures (and their difference) into the message; the simulator names the members.',
    at: message,
    real: /pod updates may not change fields|spec is immutable after creation except|\\"Rules\\":|\{\\"Volumes\\"/,
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
    why: 'The annotation that old clients want on DaemonSets is shown in tables too.',
    cases: /DaemonSet of apps\/v1 as a table$/,
    at: /metadata\.annotations$/,
  },
  {
    why: 'Token requests are not stored: nobody needs to know who wrote them.',
    cases: /^subresources: tokens/,
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
    cases:
      /^(?:definitions: a schema with a rule that costs too much|expressions: rules that cost too much to be run)$/,
    at: /status$/,
    real: /estimated rule cost/,
  },
  {
    why: 'Behind the first thing that is wrong in an expression the real parser goes on, and tells what follows from it.',
    cases: /^expressions: a rule that is refused/,
    at: message,
    real: /Syntax error(?:[\s\S]*)(?:Syntax error|reserved identifier)/,
  },
  {
    why: 'The real server calls the type of `self` by a number that is another one each time.',
    cases: /^expressions: a rule that is refused/,
    at: message,
    real: /selfType\d+/,
    simulated: /selfType/,
  },
  {
    why: 'What OpenAPI documents say of the members that every kind has is said in our own words.',
    cases: /^openapi: /,
    at: /description$/,
  },
  {
    why: 'Who applies a new claim comes to own nothing of the finalizer that the server adds, so that applying the same again is no change here and one write upstream.',
    cases: /^verbs: apply a PersistentVolumeClaim of v1$/,
    at: /metadata\.resourceVersion$/,
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
