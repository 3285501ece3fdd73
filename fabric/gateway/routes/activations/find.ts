/** The activation that a path names. */
import type { HttpContext } from '../../../http/index.ts';
import type { Activation } from '../../activations/activation.ts';
import { problems } from '../../errors.ts';
import type { RunningGateway } from '../../running-gateway.ts';
import { projectOf } from '../parameters.ts';

/** Throws the Problem `activation-not-found`, of another project's too. */
export async function activationIn(context: HttpContext, gateway: RunningGateway): Promise<Activation> {
  const id = context.req.param('activation') ?? '';
  const activation = await gateway.activations.get(id);
  if (activation?.projectId !== projectOf(context)) throw problems.activationNotFound(id);
  return activation;
}
