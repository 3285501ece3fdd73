/** Everything that is fuzzed, by name. */
import { controlApi } from './control-target.ts';
import { loneGateway, wholeGateway } from './gateway-target.ts';
import type { Target } from './target.ts';

/** Each is brought up by its seed. */
export const targets: Readonly<Record<string, (seed: number) => Promise<Target>>> = {
  gateway: wholeGateway,
  lone: loneGateway,
  control: controlApi,
};
