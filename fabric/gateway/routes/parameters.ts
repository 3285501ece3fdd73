/** Names in paths. */
import { checkedName, type HttpContext, Problem } from '../../http/index.ts';
import { idLengthMaximum } from '../sessions/session.ts';

export function projectOf(context: HttpContext): string {
  return checkedName('project', context.req.param('project') ?? '');
}

/**
 * A task's name, or several with commas in between (contract 3.4.5): looked up as it is, so that an odd one is one that
 * nothing has.
 */
export function taskNameOf(context: HttpContext): string {
  const name = context.req.param('name') ?? '';
  if (name === '' || name.length > 1024) throw new Problem(400, 'invalid-name', 'the path holds no name');
  return name;
}

/** A session's id is any text, slashes too. */
export function sessionOf(context: HttpContext): string {
  const id = context.req.param('session') ?? '';
  if (id.length <= idLengthMaximum && id.isWellFormed() && !id.includes('\0')) return id;
  throw new Problem(400, 'invalid-name', `the id of a session is a text of at most ${idLengthMaximum} characters`);
}
