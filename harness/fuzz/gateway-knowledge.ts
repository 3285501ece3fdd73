/** What the fuzz knows of the gateway: bodies that are right, names that are there, and who it can pretend to be. */
import type { FuzzRequest, Knowledge } from './requests.ts';

const project = '/fabric/v4/projects/proj1';

const skill = {
  camel: '1.0.0',
  name: 'cortex/s',
  properties: [{ name: 'size', type: 'Integer', defaultValue: 5 }],
  inputs: [
    {
      name: 'in',
      parameters: [{ name: 'n', type: 'number', required: true }],
      routing: { all: { action: 'cortex/s', runtime: 'cortex/jobs', output: 'out' } },
    },
  ],
  outputs: [{ name: 'out', parameters: [] }],
  actions: [{ name: 'cortex/s', type: 'job', image: 'orrery/actor', command: ['print hello; sleep 30s'] }],
};
const daemon = {
  ...skill,
  name: 'd',
  inputs: [
    {
      name: 'in',
      routing: {
        property: 'size',
        default: { action: 'd', runtime: 'cortex/daemons', output: 'out' },
        rules: [{ match: 5, action: 'd', runtime: 'cortex/daemons', output: 'out' }],
      },
    },
  ],
  actions: [{ name: 'd', type: 'daemon', image: 'orrery/actor', port: 5000, environmentVariables: '"A"="b"' }],
};
const outside = {
  ...skill,
  name: 'e',
  properties: [{ name: 'url', defaultValue: 'http://192.0.2.1/' }],
  inputs: [{ name: 'in', routing: { all: { runtime: 'cortex/external-api', output: 'out' } } }],
  actions: [],
};
const agent = {
  camel: '1.0.0',
  name: 'a',
  properties: [{ name: 'allowedHeaders', value: 'x-trace' }],
  inputs: [{ name: 'in', signalType: 'Service', signalId: 'i', output: 'out' }],
  outputs: [{ name: 'out', signalType: 'Service', signalId: 'o' }],
  skills: [{ refId: 'r', skillName: 'cortex/s', properties: [{ name: 'size', value: 3 }] }],
  mappings: [
    { from: { input: { signalId: 'i' } }, to: { skill: { refId: 'r', input: 'in' } } },
    { from: { skill: { refId: 'r', output: 'out' } }, to: { output: { signalId: 'o' } } },
  ],
};
const action = { name: 'x', type: 'job', image: 'orrery/actor', command: '["print x"]', jobTimeout: 60, podSpec: [] };
const connection = { name: 'c', connectionType: 'mongo', params: [{ name: 'uri', value: '#SECURE.k' }] };
const type = { name: 't', parameters: [{ name: 'n', type: 'number' }] };
const once = { skillName: 's', actionName: 'a', image: 'orrery/actor', command: ['print hello'] };
const report = {
  name: 'proj1-run',
  projectId: 'proj1',
  jobType: 'onetime',
  state: 'ACTIVE',
  status: 'ACTIVE',
  sequence: 1,
};
const queries = [
  '{ projects { name } }',
  `{ projects(filter: "{}", limit: "20", skip: "0", sort: "{'_updatedAt':-1}") { name title description } }`,
  '{ projectByName(name: "proj1") { name _createdAt } }',
  'query Q($n: String!) { projectByName(name: $n) { name } }',
  'mutation { createProject(input: { name: "proj1", title: "t" }) { name } }',
  'mutation { deleteProject(name: "nobodys") }',
  '{ __schema { types { name fields { name } } } }',
];

export const gatewayKnowledge: Knowledge = {
  known: {
    project: ['proj1', 'proj1', 'proj1', 'proj1', 'proj1', 'proj1', 'proj2'],
    agent: ['a'],
    skill: ['cortex/s', 'd', 'e'],
    service: ['in'],
    input: ['in'],
    action: ['cortex/s', 'x', 'd'],
    type: ['t'],
    connection: ['c'],
    session: ['known'],
    key: ['k', 'a/b', 'with space'],
    name: ['proj1-once', 'proj1-minutely', 'proj1-run', 'proj1-once,proj1-run'],
    activation: ['known'],
    uid: ['u1', 'u2'],
    pod: ['p1'],
    filter: ['{"name":"a"}', '{"name":{"$regex":"^c"}}', '{"$or":[{"name":"a"},{"title":"b"}]}', 'a', 'tasks/'],
    sort: ['asc', '{"updatedAt":-1}', '{"name":1}', 'newest'],
    limit: ['0', '1', '20'],
    skip: ['0', '5'],
    after: ['0', '2026-01-01T00:00:00Z'],
    before: ['5', '2027-01-01T00:00:00Z'],
    follow: ['true', 'false'],
    format: ['rows'],
    output: ['json', 'yaml', 'k8s', 'openapi', 'out'],
    scheduleCron: ['* * * * *', '@hourly', '@every 1m'],
    scheduleName: ['proj1-minutely', 'hourly'],
  },
  bodies: {
    saveSkill: [skill, daemon, outside],
    saveAgent: [agent],
    saveAction: [action, { ...action, type: 'daemon', port: '5000', jobTimeout: undefined }],
    saveConnection: [connection],
    saveTypes: [{ types: [type] }, type],
    createTask: [
      { name: 'once', spec: once },
      { name: 'minutely', spec: { ...once, schedule: '* * * * *' } },
    ],
    invokeAgent: [{ payload: { n: 1 } }, { payload: 'text', properties: { size: 1 }, sessionId: 'known' }],
    invokeSkill: [{ payload: { n: 1 } }, { properties: { callbackUrl: 'http://192.0.2.1/' } }],
    startSession: [{ sessionId: 'known', ttl: 60, description: 'd', state: { a: 1 } }, {}],
    writeSession: [{ state: { b: [1] } }],
    saveSecret: [{ value: 's' }, 'bare', 5],
    createSnapshot: [{ agentName: 'a', title: 't' }],
    takeReport: [report, { ...report, state: 'COMPLETE', status: 'COMPLETE', sequence: 2, startTime: 1, endTime: 2 }],
    graphql: queries.map((query) => ({ query, variables: { n: 'proj1' } })),
    patchTask: [{ suspend: true }, { suspend: false }],
    pauseTask: [{ reason: 'r', until: '9999-01-01T00:00:00Z' }, {}],
    runTask: [{}, { scheduledTime: '2026-01-01T00:00:00Z' }],
    uploadContent: ['text', '{}'],
    uploadForm: [
      '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nk\r\n--b\r\nContent-Disposition: form-data; name="content"\r\n\r\nhello\r\n--b--\r\n',
    ],
  },
  callerOf: { takeReport: 'service' },
  callers: [
    ...Array.from({ length: 30 }, () => 'user'),
    'service',
    'service',
    'job',
    'nobody',
    'expired',
    'stranger',
    'word',
  ],
};

/** With ids that the gateway has given since. */
export function withLearned(knowledge: Knowledge, learned: Knowledge['known']): Knowledge {
  return { ...knowledge, known: { ...knowledge.known, ...learned } };
}

const post = (operationId: string, path: string, body: unknown): FuzzRequest => ({
  operationId,
  method: 'POST',
  path: `${project}/${path}`,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify(body)),
  caller: 'user',
});

/**
 * So that there is something to find, and something that runs. Without a cluster there are no tasks, without content no
 * objects.
 */
export const seedsOfAll: readonly FuzzRequest[] = [
  post('saveSkill', 'skills', skill),
  post('saveSkill', 'skills', daemon),
  post('saveSkill', 'skills', outside),
  post('saveAction', 'actions', action),
  post('saveAgent', 'agents', agent),
  post('createSnapshot', 'agents/a/snapshots', { title: 't' }),
  post('saveConnection', 'connections', connection),
  post('saveTypes', 'types', type),
  post('startSession', 'sessions', { sessionId: 'known', state: { a: 1 } }),
  post('saveSecret', 'secrets/k', { value: 's' }),
];

export const seedsOfCluster: readonly FuzzRequest[] = [
  post('createTask', 'tasks', { name: 'once', spec: once }),
  post('createTask', 'tasks', { name: 'minutely', spec: { ...once, schedule: '* * * * *' } }),
  post('uploadContent', 'content/k', 'text'),
];

export const invocation = post('invokeAgent', 'agentinvoke/a/services/in', { payload: { n: 1 } });

/** The activation as it is told with its channels. */
export function described(activation: string): FuzzRequest {
  const path = `${project}/activations/${activation}?verbose=true`;
  return { operationId: 'describeActivation', method: 'GET', path, headers: {}, caller: 'user' };
}
