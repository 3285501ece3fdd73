/**
 * Preloaded (`node --import`) into a run that is to be broken: puts the mutation named by ORRERY_MUTATION into the
 * source of its file as it is loaded. Nothing on disk changes, and neither Fabric nor the simulator has a switch for
 * it.
 */
import { registerHooks } from 'node:module';
import { mutations } from './catalogue/index.ts';
import { mutate } from './mutation.ts';

const wanted = process.env.ORRERY_MUTATION;
const mutation = mutations.find(({ name }) => name === wanted);
if (!mutation)
  throw new Error(`ORRERY_MUTATION must name one of ${mutations.map(({ name }) => name).join(', ')}, not ${wanted}`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(`/${mutation.file}`)) return loaded;
    return { ...loaded, source: mutate(mutation, String(loaded.source)) };
  },
});
