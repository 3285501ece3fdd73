/** The project of an internal route that jobs and daemons ask (contract 3.13). */
import type { HttpContext } from '../../http/index.ts';
import { callerIn } from '../access/authenticate.ts';
import { problems } from '../errors.ts';
import type { Gateway } from '../settings.ts';
import { projectOf } from './parameters.ts';

/**
 * Throws the Problem `project-not-found` when the caller may not see it: a message's token opens the one project that
 * it was sent in.
 */
export async function insideProject(context: HttpContext, gateway: Gateway): Promise<string> {
  const project = projectOf(context);
  if (callerIn(context).maySee(project) && (await gateway.projects.isThere(project))) return project;
  throw problems.projectNotFound(project);
}
