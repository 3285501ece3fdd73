/** Differences from a real cluster that are right or accepted, each with the reason. Whatever is not here is a bug. */
import type { Difference } from './compare.ts';

export interface Accepted {
  /** One sentence: why the difference may stand. */
  readonly why: string;
  /** Matched against `topic: case`; any case when absent. */
  readonly cases?: RegExp;
  /** Matched against the command. */
  readonly command?: RegExp;
  /** Who printed the line; either when absent. */
  readonly side?: 'real' | 'simulated';
  /** Matched against the line that one of them printed. */
  readonly line: RegExp;
}

export const accepted: readonly Accepted[] = [
  {
    why: 'Who makes an object that no controller of the simulator acts upon is warned of that.',
    side: 'simulated',
    line: /^Warning: .* are stored here and nothing more: no controller acts upon them in this simulated cluster$/,
  },
  {
    why: 'Go writes its whole internal structures (and their difference) into the message; the simulator the object as it is on the wire.',
    command: /patch job held|set image job|set env pod|apply -f suspended3/,
    line: /Invalid value: \{"|^@@ |^[ +-]|^containers$/,
  },
  {
    why: 'What a patch made of an object is printed as JSON; the real server names the patch as a Go map.',
    command: /"parallelism":"two"/,
    line: /patch: Invalid value: /,
  },
  {
    why: 'The words of the JSON parser are those of another library.',
    command: /replace --raw/,
    line: /json parse error: /,
  },
  {
    why: 'Kinds that the simulator does not have: bindings, states of components, autoscalers.',
    command: /api-resources|api-versions|componentstatuses/,
    line: /^(?:bindings|componentstatuses|autoscaling\/v1|componentstatus\/|Warning: v1 ComponentStatus|error: the server doesn't have a resource type "componentstatuses"|exit [01]$)/,
  },
  {
    why: 'The simulator names no commit that it was built from.',
    command: /kubectl version/,
    line: /gitCommit/,
  },
  {
    why: 'No controller of the simulator tells nodes how long they may keep what they read.',
    command: /node described|node node-1/,
    line: /node\.alpha\.kubernetes\.io\/ttl|^ {2}annotations:$|^Annotations: {2}<none>$/,
  },
  {
    why: 'The hash of a pod template is another function of it.',
    cases: /^(?:describe|rollout): /,
    line: /web-[0-9a-f]+|pod-template-hash/,
  },
  {
    why: 'JSON ends without the line feed that Go’s encoder adds.',
    command: /get --raw/,
    side: 'real',
    line: /^$/,
  },
  {
    why: 'The OpenAPI v2 document is served as JSON; in protobuf, which this form of explain reads, it is empty.',
    cases: /^explain: in the older form$/,
    line: /^/,
  },
  {
    why: 'Empty texts of an object stay, where Go leaves most of them out.',
    command: /describe crd tasks/,
    side: 'simulated',
    line: /^ +Description:$/,
  },
];

/** The first entry that explains the difference. */
export function reasonFor(list: readonly Accepted[], title: string, difference: Difference): Accepted | undefined {
  return list.find(
    (each) =>
      (each.cases?.test(title) ?? true) &&
      (each.command?.test(difference.command) ?? true) &&
      (each.side === undefined || each.side === difference.side) &&
      each.line.test(difference.line),
  );
}
