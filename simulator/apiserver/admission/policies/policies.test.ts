/** Admission policies on the simulated API server: what they refuse, change and leave alone. */
import { describe, expect, test } from 'vitest';
import { ApiStatusError, type KubernetesClient } from '../../../../kubernetes/client.ts';
import type { ConfigMap, KubernetesObject } from '../../../../kubernetes/objects.ts';
import { configMaps, type ResourceType, secrets } from '../../../../kubernetes/resources.ts';
import { Simulation } from '../../../../world/simulated/simulation.ts';
import { policyGroup } from '../../policies/kinds.ts';
import { ApiServer } from '../../server.ts';

const kindOf = (plural: string, kind: string): ResourceType => ({
  group: policyGroup,
  version: 'v1',
  plural,
  kind,
  namespaced: false,
});

const types = {
  validating: [
    kindOf('validatingadmissionpolicies', 'ValidatingAdmissionPolicy'),
    kindOf('validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding'),
  ],
  mutating: [
    kindOf('mutatingadmissionpolicies', 'MutatingAdmissionPolicy'),
    kindOf('mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding'),
  ],
} as const;

interface Given {
  readonly sort: keyof typeof types;
  readonly policy: object;
  readonly binding?: object;
  readonly name?: string;
}

const resourceRules = [
  { operations: ['CREATE', 'UPDATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'] },
];

/** A server with these policies, each bound. */
async function begin(...given: Given[]): Promise<KubernetesClient> {
  const simulation = new Simulation({ seed: 1, startAt: 0 });
  const client = new ApiServer({ world: simulation.process('apiserver') }).client('test');
  for (const { sort, policy, binding = {}, name = 'policy' } of given) {
    const [policyType, bindingType] = types[sort];
    const [made, bound] = [policyType, bindingType].map(({ kind }) => ({
      apiVersion: `${policyGroup}/v1`,
      kind,
      metadata: { name },
    }));
    const reinvocation = sort === 'mutating' ? { reinvocationPolicy: 'Never' } : {};
    const spec = { matchConstraints: { resourceRules }, ...reinvocation, ...policy };
    await client.create(policyType, undefined, { ...made, spec } as KubernetesObject);
    const actions = sort === 'validating' ? { validationActions: ['Deny'] } : {};
    const bindingSpec = { policyName: name, ...actions, ...binding };
    await client.create(bindingType, undefined, { ...bound, spec: bindingSpec } as KubernetesObject);
  }
  return client;
}

const configMap = (data: Record<string, string>, labels?: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'default', ...(labels ? { labels } : {}) },
  data,
});

const create = (client: KubernetesClient, data: Record<string, string>, labels?: Record<string, string>) =>
  client.create<ConfigMap>(configMaps, 'default', configMap(data, labels));

/** Reason and message of the refusal; undefined if it is allowed. */
async function refused(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiStatusError)) throw error;
    return `${error.code} ${error.reason}: ${error.message}`;
  }
}

const validations = (expression: string, more: object = {}) => ({ validations: [{ expression, ...more }] });
const denied = "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'policy' with binding 'policy' denied request";

describe('a validating policy', () => {
  test('refuses what its expression does not hold for, on creation and on change', async () => {
    const policy = validations("object.data.color != 'red'", { message: 'no red' });
    const client = await begin({ sort: 'validating', policy });
    expect(await refused(create(client, { color: 'red' }))).toBe(`422 Invalid: ${denied}: no red`);
    await create(client, { color: 'blue' });
    const patch = client.patch(configMaps, 'default', 'a', 'merge', { data: { color: 'red' } });
    expect(await refused(patch)).toBe(`422 Invalid: ${denied}: no red`);
  });

  test('says the reason and the message that it computes, from variables', async () => {
    const variables = [
      { name: 'color', expression: 'object.data.color' },
      { name: 'text', expression: '"not " + variables.color' },
    ];
    const more = { messageExpression: 'variables.text', reason: 'Forbidden' };
    const client = await begin({
      sort: 'validating',
      policy: { variables, ...validations("variables.color != 'red'", more) },
    });
    expect(await refused(create(client, { color: 'red' }))).toBe(`403 Forbidden: ${denied}: not red`);
  });

  test.each([
    ['Fail', `422 Invalid: ${denied}: expression 'object.data.none == 1' resulted in error: no such key: none`],
    ['Ignore', undefined],
  ])('that cannot decide goes by its failure policy: %s', async (failurePolicy, answer) => {
    const policy = { failurePolicy, ...validations('object.data.none == 1') };
    const client = await begin({ sort: 'validating', policy });
    expect(await refused(create(client, { a: 'b' }))).toBe(answer);
  });

  test.each([
    ['another kind', { matchConstraints: { resourceRules: [{ ...resourceRules[0], resources: ['pods'] }] } }],
    ['another operation', { matchConstraints: { resourceRules: [{ ...resourceRules[0], operations: ['DELETE'] }] } }],
    ['other labels', { matchConstraints: { resourceRules, objectSelector: { matchLabels: { a: 'b' } } } }],
    ['another namespace', { matchConstraints: { resourceRules, namespaceSelector: { matchLabels: { a: 'b' } } } }],
    ['what is excluded', { matchConstraints: { resourceRules, excludeResourceRules: resourceRules } }],
    ['a condition that is false', { matchConditions: [{ name: 'c', expression: 'false' }] }],
  ])('leaves %s alone', async (_what, more) => {
    const client = await begin({ sort: 'validating', policy: { ...validations('false'), ...more } });
    expect(await refused(create(client, {}))).toBeUndefined();
  });

  test('compares with the params that its binding names', async () => {
    const paramRef = { name: 'limits', namespace: 'default', parameterNotFoundAction: 'Deny' };
    const policy = {
      paramKind: { apiVersion: 'v1', kind: 'Secret' },
      ...validations('object.data.owner == params.metadata.labels.owner'),
    };
    const client = await begin({ sort: 'validating', policy, binding: { paramRef } });
    expect(await refused(create(client, { owner: 'me' }))).toContain('no params found for policy binding');
    const metadata = { name: 'limits', namespace: 'default', labels: { owner: 'me' } };
    await client.create(secrets, 'default', { apiVersion: 'v1', kind: 'Secret', metadata });
    expect(await refused(create(client, { owner: 'you' }))).toContain('failed expression');
    expect(await refused(create(client, { owner: 'me' }))).toBeUndefined();
  });

  test('does not keep anybody from removing it', async () => {
    const everything = [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }];
    const policy = { matchConstraints: { resourceRules: everything }, ...validations('false') };
    const client = await begin({ sort: 'validating', policy });
    expect(await refused(create(client, {}))).toContain('denied request');
    await client.delete(types.validating[1], undefined, 'policy');
    expect(await refused(create(client, {}))).toBeUndefined();
  });
});

const apply = (expression: string) => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

describe('a mutating policy', () => {
  test('lays what it says over the object, one mutation after the other', async () => {
    const mutations = [
      apply('Object{metadata: Object.metadata{labels: {"a": "b"}}}'),
      patch('[JSONPatch{op: "add", path: "/data/copy", value: object.metadata.labels.a}]'),
    ];
    const client = await begin({ sort: 'mutating', policy: { mutations } });
    const { metadata, data } = await create(client, { x: 'y' }, { c: 'd' });
    expect(metadata?.labels).toEqual({ a: 'b', c: 'd' });
    expect(data).toEqual({ x: 'y', copy: 'b' });
  });

  test('is judged by validating policies like its author', async () => {
    const client = await begin(
      { sort: 'mutating', policy: { mutations: [apply('Object{data: {"color": "red"}}')] } },
      { sort: 'validating', policy: validations("object.data.color != 'red'") },
    );
    expect(await refused(create(client, { color: 'blue' }))).toContain('failed expression');
  });

  test('that wants it sees once more what others have changed after it', async () => {
    const copy = 'has(object.data.b) ? Object{data: {"seen": object.data.b}} : Object{}';
    const policies = (reinvocationPolicy: string): Given[] => [
      { sort: 'mutating', name: 'a', policy: { reinvocationPolicy, mutations: [apply(copy)] } },
      { sort: 'mutating', name: 'b', policy: { mutations: [apply('Object{data: {"b": "1"}}')] } },
    ];
    expect((await create(await begin(...policies('Never')), { x: 'y' })).data).toEqual({ x: 'y', b: '1' });
    expect((await create(await begin(...policies('IfNeeded')), { x: 'y' })).data).toEqual({
      x: 'y',
      b: '1',
      seen: '1',
    });
  });

  test.each([
    ['a member that is not there', 'Object{spec: Object.spec{a: 1}}', '.spec: field not declared in schema'],
    ['a structure in another place', 'Object{metadata: Object.spec{name: "a"}}', 'unexpected type name "Object.spec"'],
  ])('with %s refuses the request', async (_what, expression, why) => {
    const client = await begin({ sort: 'mutating', policy: { mutations: [apply(expression)] } });
    const answer = await refused(create(client, {}));
    expect(answer).toContain("403 Invalid: policy 'policy' with binding 'policy' denied request");
    expect(answer).toContain(why);
  });

  test('whose patch tests in vain changes nothing', async () => {
    const expression = '[JSONPatch{op: "test", path: "/data/a", value: "z"}, JSONPatch{op: "remove", path: "/data/a"}]';
    const client = await begin({ sort: 'mutating', policy: { mutations: [patch(expression)] } });
    expect((await create(client, { a: 'b' })).data).toEqual({ a: 'b' });
  });
});

test('a policy with an expression that does not compile is refused, in the words of the real server', async () => {
  const answer = await refused(begin({ sort: 'validating', policy: validations('objekt.a == 1') }));
  expect(answer).toContain(
    'spec.validations[0].expression: Invalid value: "objekt.a == 1": compilation failed: ERROR: <input>:1:1: undeclared reference to \'objekt\'',
  );
});
