/** Notes what the node will change outside its container. */
import { note } from '../host-notes.ts';
import type { Step } from '../step.ts';

export const noteHost: Step = {
  name: 'note what a node changes on this machine',
  deadlineMs: 10_000,
  remedy: 'see that the folder of state can be written ($XDG_STATE_HOME, ~/.local/state)',
  async run(site, signal) {
    const { stdout } = await site.run('docker', ['network', 'ls', '--quiet', '--filter', 'name=^kind$'], signal);
    note(stdout.trim() !== '');
    return 'sysctls and the network "kind"; kind:down puts them back';
  },
};
