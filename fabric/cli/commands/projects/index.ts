/** The commands of `fabric projects`, which the gateway serves by GraphQL (contract 3.3). */
import type { Command, CommandCall } from '../../command.ts';
import { usageError } from '../../errors.ts';
import { readDocument } from '../../input.ts';
import { documentOptions, listOptions, listQuery, printDocument, printList } from '../../lists.ts';
import { printLine } from '../../terminal.ts';
import { graphql, notThere } from './graphql.ts';

interface ShownProject {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}

const members = 'name title description';

const listProjects: Command = {
  path: ['projects', 'list'],
  alias: 'l',
  summary: 'List the projects that the user may see',
  options: listOptions,
  async run(call) {
    const { filter = '{}', limit = '20', skip = '0', sort = '{"_updatedAt":-1}' } = listQuery(call);
    const { projects } = await graphql<{ projects: ShownProject[] }>(
      call,
      `query($filter: String, $limit: String, $skip: String, $sort: String) {
        projects(filter: $filter, limit: $limit, skip: $skip, sort: $sort) { ${members} }
      }`,
      { filter, limit, skip, sort },
      'list of projects',
    );
    const columns = [
      { title: 'Name', width: 40, value: ({ name }: ShownProject) => name },
      { title: 'Title', width: 40, value: ({ title }: ShownProject) => title },
      { title: 'Description', width: 60, value: ({ description }: ShownProject) => description },
    ];
    await printList(call, { rows: projects, columns, what: 'projects' });
  },
};

const describeProject: Command = {
  path: ['projects', 'describe'],
  alias: 'get',
  summary: 'Describe a project',
  parameters: [{ name: 'name', description: 'its name' }],
  options: documentOptions,
  async run(call) {
    const name = call.parameter(0);
    const query = `query($name: String!) { projectByName(name: $name) { ${members} } }`;
    const about = `project ${name}`;
    const { projectByName } = await graphql<{ projectByName: ShownProject | null }>(call, query, { name }, about);
    if (!projectByName) throw notThere(name);
    await printDocument(call, projectByName);
  },
};

const saveProject: Command = {
  path: ['projects', 'save'],
  summary: 'Make a project, or change its title and description',
  parameters: [{ name: 'file', description: 'its file, JSON or YAML; - is standard input', isOptional: true }],
  options: [
    { flags: '--name <name>', description: 'its name' },
    { flags: '--title <text>', description: 'its title' },
    { flags: '--description <text>', description: 'what it is for' },
  ],
  async run(call) {
    const input = await projectOf(call);
    const query = 'mutation($input: CreateProjectInput!) { createProject(input: $input) { name } }';
    await graphql(call, query, { input }, `project ${input.name}`);
    await printLine(call.context.terminal, `Project ${JSON.stringify(input.name)} saved`);
  },
};

const deleteProject: Command = {
  path: ['projects', 'delete'],
  summary: 'Delete a project',
  parameters: [{ name: 'name', description: 'its name' }],
  async run(call) {
    const name = call.parameter(0);
    const query = 'mutation($name: String!) { deleteProject(name: $name) }';
    const { deleteProject: isDeleted } = await graphql<{ deleteProject: boolean }>(
      call,
      query,
      { name },
      `project ${name}`,
    );
    if (!isDeleted) throw notThere(name);
    await printLine(call.context.terminal, `Project ${JSON.stringify(name)} deleted`);
  },
};

export const projectsCommands: readonly Command[] = [listProjects, describeProject, saveProject, deleteProject];

async function projectOf(call: CommandCall): Promise<Record<string, unknown>> {
  const file = call.parameter(0);
  const document = file === '' ? {} : await readDocument(call.context.surroundings, file);
  const values = { name: call.text('name'), title: call.text('title'), description: call.text('description') };
  const flagged = Object.entries(values).filter(([, value]) => value !== undefined);
  const { name, title, description } = { ...document, ...Object.fromEntries(flagged) } as Partial<ShownProject>;
  if (name === undefined) throw usageError('a project needs a name: by --name, or in a file');
  return { name, ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
}
