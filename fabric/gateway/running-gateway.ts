/** What routes work on: the gateway, and the activations that it carries on, which work on the gateway themselves. */
import type { Activations } from './activations/activations.ts';
import type { Gateway } from './settings.ts';

export interface RunningGateway extends Gateway {
  readonly activations: Activations;
}
