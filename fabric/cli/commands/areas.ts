/** What the areas of commands are, for the help: one line each. */
export const areas: Readonly<Record<string, string>> = {
  tasks: 'tasks, schedules and their runs',
  agents: 'agents: save, deploy, invoke, schedule, and what came of it',
  skills: 'skills: save, deploy, invoke, logs',
  actions: 'actions that skills refer to',
  types: 'types of parameters',
  activations: 'activations of agents and skills',
  content: 'files in managed content',
  sessions: 'state that activations share',
  secrets: 'secrets of a project',
  connections: 'connections of a project',
  projects: 'projects',
  configure: 'profiles: which gateway, as whom, in which project',
  workspaces: 'folders in which skills are written',
  users: 'who asks: the configured user',
};
