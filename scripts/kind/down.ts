/** Removes a kind cluster of ours and all that it left: `npm run kind:down [-- --name NAME | --all]`. */
import '../../harness/unread-output.ts';
import { parseArgs } from 'node:util';
import { clusterNames, DEFAULT_CLUSTER } from '../../harness/environments/kind/state.ts';
import { down } from './cluster.ts';
import { failureText } from './step.ts';

const { values } = parseArgs({
  options: { name: { type: 'string', default: DEFAULT_CLUSTER }, all: { type: 'boolean', default: false } },
});
try {
  for (const name of values.all ? clusterNames() : [values.name]) await down(name, (line) => console.log(line));
} catch (error) {
  console.error(failureText(error));
  process.exitCode = 1;
}
