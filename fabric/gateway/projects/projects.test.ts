/** Projects by GraphQL, with the operations that the existing command line sends, letter for letter (contract 3.3). */
import { describe, expect, it } from 'vitest';
import { openGuardedBench, tokenOf } from '../access/access.fixture.ts';
import { type Ask, openBench } from '../bench.fixture.ts';

const path = '/fabric/v4/graphql';

interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly status: number; readonly details?: unknown }[];
}

const sent = {
  list: (sort = "{'_updatedAt':-1}", filter = '', limit = '20', skip = '0') =>
    `{ projects ( filter: "${filter}", limit: "${limit}", skip: "${skip}", sort: "${sort}" ){ name, title, description } }`,
  describe: (name: string) => `{ projectByName( name: "${name}" ) { name, title, description } }`,
  save: 'mutation NewProject($input: CreateProjectInput!) { createProject(input: $input){name} }',
  delete: (name: string) => `mutation { deleteProject( name: "${name}" ) }`,
};

async function open() {
  const { ask, simulation } = await openBench({ createProjectsOnUse: false });
  const graphql = async (query: string, variables?: object) => {
    const { status, json } = await ask(path, { method: 'POST', body: { query, variables } });
    return { status, ...(json as unknown as GraphqlAnswer) };
  };
  const save = (input: object) => graphql(sent.save, { input });
  const names = async (query: string) => {
    const { data } = await graphql(query);
    return (data?.projects as { name: string }[] | undefined)?.map(({ name }) => name);
  };
  return { ask, simulation, graphql, save, names };
}

describe('projects', () => {
  it('are made, described, changed and deleted', async () => {
    const { graphql, save } = await open();
    expect(await save({ name: 'one', title: 'One' })).toEqual({
      status: 200,
      data: { createProject: { name: 'one' } },
    });
    expect((await graphql(sent.describe('one'))).data).toEqual({
      projectByName: { name: 'one', title: 'One', description: null },
    });
    await save({ name: 'one', description: 'first' });
    expect((await graphql(sent.describe('one'))).data).toEqual({
      projectByName: { name: 'one', title: 'One', description: 'first' },
    });
    expect((await graphql(sent.delete('one'))).data).toEqual({ deleteProject: true });
    expect((await graphql(sent.delete('one'))).data).toEqual({ deleteProject: false });
    expect((await graphql(sent.describe('one'))).data).toEqual({ projectByName: null });
  });

  it('are listed, the one changed last first, by strings in either quotes', async () => {
    const { save, names, simulation } = await open();
    for (const name of ['b', 'a', 'c']) {
      await save({ name, title: name.toUpperCase() });
      await simulation.advance(1_000);
    }
    expect(await names(sent.list())).toEqual(['c', 'a', 'b']);
    expect(await names(sent.list("{'name':1}"))).toEqual(['a', 'b', 'c']);
    expect(await names(sent.list('{\\"name\\":1}'))).toEqual(['a', 'b', 'c']);
    expect(await names(sent.list("{'name':1}", "{'title':{'$in':['A','C']}}"))).toEqual(['a', 'c']);
    expect(await names(sent.list("{'name':1}", '', '1', '1'))).toEqual(['b']);
    expect(await names('{ projects { name } }')).toEqual(['c', 'a', 'b']);
  });

  it.each(["it's", '-', 'a b', 'a/b', '', 'x'.repeat(64), 'ä'])('are not called %j', async (name) => {
    const { save } = await open();
    const { errors } = await save({ name });
    expect(errors?.[0]).toMatchObject({ status: 400, message: expect.stringContaining('is no name of a project') });
  });

  it('must be there before anything is asked of them', async () => {
    const { ask, save } = await open();
    const tasks = '/fabric/v4/projects/one/tasks';
    expect((await ask(tasks)).status).toBe(404);
    await save({ name: 'one' });
    expect((await ask(tasks)).status).toBe(200);
  });
});

describe('a request that means nothing', () => {
  const wrong: readonly (readonly [string, Ask['body']])[] = [
    ['no query', {}],
    ['a query that is no text', { query: 1 }],
    ['variables that are none', { query: '{ projects { name } }', variables: 'x' }],
    ['a syntax error', { query: '{ projects {' }],
    ['an unknown field', { query: '{ projects { owner } }' }],
    ['an unknown operation', { query: 'mutation { dropProjects }' }],
    ['more than anybody asks', { query: `{ ${'a: projects { name } '.repeat(300)} }` }],
  ];
  it.each(wrong)('is refused: %s', async (_, body) => {
    const { ask } = await open();
    const { status, json } = await ask(path, { method: 'POST', body });
    expect(status).toBe(400);
    expect(JSON.stringify(json)).toContain('"message"');
  });

  it('has its refusal in the error itself, where the client reads it', async () => {
    const { graphql } = await open();
    const { data, errors } = await graphql(sent.list("{'owner':1}"));
    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({ status: 400, message: 'Invalid query' });
    expect(errors?.[0]?.details).toEqual([expect.objectContaining({ type: 'sort', path: ['query', 'sort', 'owner'] })]);
  });
});

describe('a user', () => {
  it('sees, makes and deletes only projects that are his', async () => {
    const { as } = await openGuardedBench();
    const ann = async (query: string, variables?: object) =>
      (await as(tokenOf('ann'))(path, { method: 'POST', body: { query, variables } })).json as unknown as GraphqlAnswer;
    expect((await ann('{ projects { name } }')).data).toEqual({ projects: [{ name: 'p1' }] });
    expect((await ann(sent.describe('p2'))).data).toEqual({ projectByName: null });
    expect((await ann(sent.delete('p2'))).data).toEqual({ deleteProject: false });
    expect((await ann(sent.save, { input: { name: 'p2', title: 'mine' } })).errors?.[0]?.status).toBe(400);
  });
});
