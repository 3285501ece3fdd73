/** Parameters of paths, by their names in routes. */
import { type Parameters, words } from '../../openapi/operation.ts';

const places: Parameters = {
  project: words('Name of the project.'),
  name: words('Name of a task: a schedule, a one-time task, or a run. `DELETE` takes several, with commas in between.'),
  agent: words('Name of an agent. Its slash is encoded as `%2F`.'),
  service: words('Name of a service of the agent: one of its inputs.'),
  skill: words('Name of a skill. Its slash is encoded as `%2F`.'),
  input: words('Name of an input of the skill.'),
  output: words('Name of an output of the skill that runs.'),
  action: words('Name of an action. Its slash is encoded as `%2F`.'),
  type: words('Name of a type. Its slash is encoded as `%2F`.'),
  connection: words('Name of a connection. Its slash is encoded as `%2F`.'),
  snapshot: words('Id of a snapshot.'),
  activation: words('Id of an activation.'),
  channel: words('Id of the channel that the job was told in its message.'),
  session: words('Id of a session.'),
  key: words('Key of an object, or of a secret. Its slashes may stand as they are, or be encoded.'),
  uid: words('Uid of the Job that is reported.'),
  pod: words('Uid of the pod that asks.'),
};

/** A route's path as OpenAPI writes it: its parameters in braces, and what stands in place of the star. */
export function templateOf({ path, rest = '' }: { readonly path: string; readonly rest?: string }): string {
  if (path.endsWith('*') !== (rest !== '')) throw new Error(`${path}: a star needs a rest, and a rest a star`);
  return path.replace(/\*$/, rest).replace(/:(\w+)/g, '{$1}');
}

/** The parameters of a template, each with its meaning. */
export function placesIn(template: string): Parameters {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return Object.fromEntries(names.map((name) => [name, placeCalled(name)]));
}

function placeCalled(name: string) {
  const place = places[name];
  if (place) return place;
  throw new Error(`it is not said what {${name}} in a path means: add it to the table`);
}
