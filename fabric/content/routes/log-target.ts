/** Which log a request is about. */
import { checkedName, type HttpContext } from '../../http/index.ts';

/** What the paths of logs begin with. */
export const logBase = '/internal/logs/:project/:folder';

/** Project and folder of the path; a Problem (400) when one is no name. */
export function logTarget(context: HttpContext): { readonly project: string; readonly folder: string } {
  return {
    project: checkedName('project', context.req.param('project') ?? ''),
    folder: checkedName('log folder', context.req.param('folder') ?? ''),
  };
}
