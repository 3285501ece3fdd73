/** Names in paths. */
import { type HttpContext, Problem } from '../../http/index.ts';

export function projectOf(context: HttpContext): string {
  return nameOf(context, 'project');
}

export function taskNameOf(context: HttpContext): string {
  return nameOf(context, 'name');
}

function nameOf(context: HttpContext, parameter: 'project' | 'name'): string {
  const name = context.req.param(parameter) ?? '';
  if (name === '' || name.length > 1024) throw new Problem(400, 'invalid-name', `the path holds no ${parameter}`);
  return name;
}
