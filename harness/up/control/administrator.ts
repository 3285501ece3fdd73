/** Who may have programs of this machine run: whoever holds the administrator's token, which only the user can read. */
import { isCredential } from '../../../fabric/identity/internal-credential.ts';
import type { HttpRequest } from '../../../world/network.ts';
import { ControlError } from './errors.ts';

/** Throws a ControlError with 401. */
export function checkAdministrator(request: HttpRequest, token: string): void {
  const [, given] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (given !== undefined && isCredential(given, token)) return;
  const what = given === undefined ? 'asks for a bearer token' : 'does not take this token';
  throw new ControlError(401, `this route runs programs and ${what}: send the ready file's kubernetes.token`);
}
