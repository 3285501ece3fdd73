/**
 * `fabric workspaces publish`: brings the programs of the skills to where pods run, and saves the skills, which deploys
 * them.
 */
import type { Command, CommandCall } from '../../command.ts';
import { saveDocument } from '../../documents/save.ts';
import { usageError } from '../../errors.ts';
import { buildSkill } from '../../workspaces/build.ts';
import type { Destination } from '../../workspaces/destinations/destination.ts';
import { kindCluster } from '../../workspaces/destinations/kind.ts';
import { localPrograms } from '../../workspaces/destinations/local.ts';
import { registry } from '../../workspaces/destinations/registry.ts';
import type { WorkspaceSkill } from '../../workspaces/workspace.ts';
import { skillKind } from '../skills/kind.ts';
import { chosenSkills, folderOption, skillOption } from './options.ts';

const readyFileDefault = 'ready.json';

export const publishWorkspace: Command = {
  path: ['workspaces', 'publish'],
  summary: 'Build the skills, bring their images to where pods run, and save and deploy them',
  options: [
    { flags: '--registry <host>', description: 'push the images to this registry: host, or host/path' },
    { flags: '--kind <cluster>', description: 'load the images into this kind cluster' },
    {
      flags: '--local [ready-file]',
      description: `let a running "orrery up" run the programs, without images; its ready file (${readyFileDefault})`,
    },
    { flags: '--skip-build', description: 'take images that are there already' },
    skillOption,
    folderOption,
  ],
  async run(call) {
    const destination = await destinationOf(call);
    const skills = await chosenSkills(call);
    // Whoever cannot save would otherwise be told after minutes of building.
    const gateway = await call.context.gateway();
    gateway.inProject('skills');
    for (const skill of skills) await publish(call, destination, skill);
  },
};

async function destinationOf(call: CommandCall): Promise<Destination> {
  const { surroundings } = call.context;
  const [host, cluster] = [call.text('registry'), call.text('kind')];
  const isLocal = call.isGiven('local');
  if ([host !== undefined, cluster !== undefined, isLocal].filter(Boolean).length !== 1) {
    throw usageError('say where the skills go, by one of --registry HOST, --kind CLUSTER and --local');
  }
  if (host !== undefined) return registry(surroundings, host);
  if (cluster !== undefined) return kindCluster(surroundings, cluster);
  return localPrograms(surroundings, call.text('local') ?? readyFileDefault);
}

async function publish(call: CommandCall, destination: Destination, skill: WorkspaceSkill): Promise<void> {
  if (destination.takesImages && !call.isOn('skipBuild')) await buildSkill(call.context.surroundings, skill);
  const images = new Map<string, string>();
  for (const action of skill.actions) images.set(action.name, await destination.publish(action));
  await saveDocument(call, skillKind, withImages(skill, images), skill.file);
}

/** The skill with the names under which pods find its images. */
function withImages({ document }: WorkspaceSkill, images: ReadonlyMap<string, string>): Record<string, unknown> {
  const { actions } = document;
  if (!Array.isArray(actions)) return { ...document };
  const found = actions.map((action: { name: string }) => {
    const image = images.get(action.name);
    return image === undefined ? action : { ...action, image };
  });
  return { ...document, actions: found };
}
