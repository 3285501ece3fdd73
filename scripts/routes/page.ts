/** docs/routes.md: every route of the gateway, who may ask it, and whether that was tried. Pure. */
import type { Asked } from './asked.ts';
import type { AskedRoute } from './strangers.ts';

export interface ListedRoute extends AskedRoute {
  readonly summary: string;
}

export interface Row extends ListedRoute {
  /** Strangers that got in. */
  readonly letIn: readonly string[];
  readonly isTested: boolean;
}

const heading = `# Routes of the gateway

Made from the list of routes (\`fabric/gateway/routes/all.ts\`) and from what was really asked, by \`node scripts/routes/main.ts\`.

*Who may ask*: \`users\` are people, and jobs and daemons with the token of their message; \`messages\` the same on routes inside the cluster; \`services\`
Fabric's own, with their credential; \`runs\` the runs of schedules, by the uid of their pod. *Closed*: it was asked with no token, an expired one, one
without \`exp\`, one of another's key, of nobody's key, for another audience, of another issuer, with \`alg: none\`, with HS256 and the public key, with changed claims
and a changed signature, and by a user of another project, and none got in. *Tested*: a story of a client (\`fixtures/clients\`) asked it on a whole simulated Fabric, by itself or
through what it set going, and the answer was no refusal. The gateway describes all of them itself, with parameters, bodies and answers: \`GET /openapi.json\` is
OpenAPI 3.1, for anybody, as is the control API's of \`orrery up\` at its own \`/openapi.json\`.`;

const laterHeading = `## Not here

Routes of the contract that this gateway does not have. Whoever is let in is answered 501; they are closed to everybody else, as the others are.`;

export function routesPage(rows: readonly Row[], later: readonly string[]): string {
  const lines = rows.map(({ method, path, audience, letIn, isTested, summary }) => {
    const closed = audience === 'anybody' ? 'open' : letIn.length === 0 ? 'yes' : `**no**: ${letIn.join(', ')}`;
    return `| ${method} | \`${shown(path)}\` | ${audience} | ${closed} | ${isTested ? 'yes' : '**no**'} | ${summary} |`;
  });
  const table = ['| | route | who may ask | closed | tested | |', '| --- | --- | --- | --- | --- | --- |', ...lines];
  const missing = later.map((path) => `- \`${shown(path)}\``);
  return `${[heading, table.join('\n'), laterHeading, missing.join('\n')].join('\n\n')}\n`;
}

/** `P` is what the paths of a project begin with. */
function shown(path: string): string {
  return path.replace('/fabric/v4/projects/:project', 'P');
}

/** Whether one of the requests came to the route and was not refused. */
export function isTested({ method, path }: AskedRoute, asked: readonly Asked[]): boolean {
  const pattern = patternOf(path);
  return asked.some((each) => each.method === method && each.status < 400 && pattern.test(each.path));
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.+');
  return new RegExp(`^${source}$`);
}
