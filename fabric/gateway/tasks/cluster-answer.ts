/** The cluster's refusals and silences as answers to a client. */
import { ApiStatusError } from '../../../kubernetes/client.ts';
import { Problem } from '../../http/index.ts';
import { problems } from '../errors.ts';

/**
 * Passes the result on; a refusal keeps its status when it is the client's matter (4xx), a failure to reach the cluster
 * is a 502.
 */
export async function clusterAnswer<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw clusterProblem(error);
  }
}

export function clusterProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ApiStatusError && error.code >= 400 && error.code < 500) {
    // 401 and 403 are about the gateway's own credentials, not the client's.
    const isOurs = error.code === 401 || error.code === 403;
    return problems.clusterRefused(isOurs ? 502 : error.code, error.message);
  }
  return problems.clusterAway(error instanceof Error ? error.message : String(error));
}
