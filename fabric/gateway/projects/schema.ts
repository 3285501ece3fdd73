/** The GraphQL of projects: what the existing command line sends (contract 3.3), and what a schema needs besides. */
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLInputObjectType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql';
import type { ListStrings } from '../lists/list-query.ts';
import type { Project } from './project.ts';
import type { ProjectInput } from './projects.ts';

/** What the operations do. Handed to a request as its context. */
export interface ProjectOperations {
  list(list: ListStrings): Promise<readonly Project[]>;
  describe(name: string): Promise<Project | undefined>;
  save(input: ProjectInput): Promise<Project>;
  delete(name: string): Promise<boolean>;
}

const required = new GraphQLNonNull(GraphQLString);

const project = new GraphQLObjectType<Project, ProjectOperations>({
  name: 'Project',
  fields: {
    name: { type: required },
    title: { type: GraphQLString },
    description: { type: GraphQLString },
    _createdBy: { type: GraphQLString },
    _createdAt: { type: GraphQLFloat, description: 'Epoch ms.' },
    _updatedAt: { type: GraphQLFloat, description: 'Epoch ms.' },
  },
});

const createProjectInput = new GraphQLInputObjectType({
  name: 'CreateProjectInput',
  fields: { name: { type: required }, title: { type: GraphQLString }, description: { type: GraphQLString } },
});

const listArguments = {
  filter: { type: GraphQLString },
  limit: { type: GraphQLString },
  skip: { type: GraphQLString },
  sort: { type: GraphQLString },
};

export const projectSchema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, ProjectOperations>({
    name: 'Query',
    fields: {
      projects: {
        type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(project))),
        args: listArguments,
        resolve: (_, list: ListStrings, operations) => operations.list(list),
      },
      projectByName: {
        type: project,
        args: { name: { type: required } },
        resolve: (_, { name }: { name: string }, operations) => operations.describe(name),
      },
    },
  }),
  mutation: new GraphQLObjectType<unknown, ProjectOperations>({
    name: 'Mutation',
    fields: {
      createProject: {
        type: new GraphQLNonNull(project),
        args: { input: { type: new GraphQLNonNull(createProjectInput) } },
        resolve: (_, { input }: { input: ProjectInput }, operations) => operations.save(input),
      },
      deleteProject: {
        type: new GraphQLNonNull(GraphQLBoolean),
        args: { name: { type: required } },
        resolve: (_, { name }: { name: string }, operations) => operations.delete(name),
      },
    },
  }),
});
