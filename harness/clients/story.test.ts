/** Each client's story on a whole simulated Fabric: every command ends and prints as it has to. */
import { expect, it } from 'vitest';
import { play } from './play.ts';
import { clients, storyOf } from './recording.ts';
import { simulatedFabric } from './simulated.fixture.ts';

const project = 'proj1';

it.each(clients)('the story of %s', async (client) => {
  await using fabric = await simulatedFabric();
  const { surroundings, environment } = fabric;
  const verdicts = await play({ client, surroundings, tokenFile: environment.tokenFile, project });
  const wrong = verdicts.filter(({ faults }) => faults.length > 0);
  expect(wrong).toEqual([]);
  expect(verdicts).toHaveLength(storyOf(client).length);
});

/** Contract, chapter 7; the last word of each is what the command does. */
const commands: Readonly<Record<string, string>> = {
  tasks: 'list describe logs delete pauseSchedule resumeSchedule',
  agents:
    'save list describe deploy undeploy delete list-services invoke list-activations get-activation cancel-activation create-snapshot list-snapshots describe-snapshot',
  skills: 'save list describe deploy undeploy invoke logs delete',
  actions: 'deploy save list describe delete',
  types: 'save list describe delete',
  sessions: 'save list describe delete',
  content: 'list upload download delete',
  projects: 'list describe save delete',
  secrets: 'save list describe delete',
  connections: 'save list describe list-types delete',
};

it('the recording of the command line has every command that needs the gateway', () => {
  const recorded = new Set(storyOf('cli').map(({ run }) => run.trim().split(' ').slice(0, 3).join(' ')));
  const wanted = Object.entries(commands).flatMap(([area, verbs]) =>
    verbs.split(' ').map((verb) => `cortex ${area} ${verb}`),
  );
  expect([...recorded].sort()).toEqual(wanted.sort());
});

const calls =
  'content.upload content.upload_streaming content.download content.exists content.delete content.list sessions.start_session sessions.get_session_data sessions.put_session_data sessions.delete_session skills.list_skills skills.save_skill skills.get_skill skills.delete_skill skills.deploy skills.undeploy skills.get_logs skills.invoke skills.send_message types.get_type';

it('the recording of the SDK has every call', () => {
  const recorded = storyOf('sdk').map(({ run }) => run.replace(/\(.*$/s, ''));
  expect(recorded).toEqual(expect.arrayContaining(calls.split(' ')));
});
