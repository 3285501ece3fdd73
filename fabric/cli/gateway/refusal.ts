/** What the gateway's refusals say (contract 2.3), as errors of a command. Pure. */
import { isObject, jsonOrUndefined } from '../../http/index.ts';
import { CommandError, type ErrorDetail } from '../errors.ts';
import type { ExitReason } from '../exit-codes.ts';

const textCharactersMaximum = 500;

/** `about`: what was asked for. */
export function refusalOf(status: number, text: string, about: string): CommandError {
  const body = jsonOrUndefined(text);
  const { message, error, details } = isObject(body) ? body : {};
  const said = [message, error].find((each) => typeof each === 'string' && each !== '');
  const words = said ?? (text.slice(0, textCharactersMaximum) || 'no word more');
  const hint = hints[status];
  return new CommandError(
    reasonOf(status),
    `${about}: ${words} (${status})${hint ? `: ${hint}` : ''}`,
    detailsOf(details),
  );
}

const hints: Readonly<Record<number, string>> = {
  401: 'configure the profile again, or look at FABRIC_TOKEN and the clock of this machine',
  429: 'try again a little later',
  503: 'try again a little later',
};

function reasonOf(status: number): ExitReason {
  if (status === 401) return 'identity';
  if (status === 404) return 'notFound';
  return status === 502 || status === 503 || status === 504 ? 'unreachable' : 'failed';
}

function detailsOf(details: unknown): ErrorDetail[] {
  if (typeof details === 'string') return [{ where: '', message: details }];
  if (!Array.isArray(details)) return [];
  return details.filter(isObject).map((detail) => {
    const { path, type, name, message } = detail;
    const place = Array.isArray(path) && path.length > 0 ? pathText(path) : [type, name].filter(Boolean).join(' ');
    return { where: place, message: typeof message === 'string' ? message : JSON.stringify(detail) };
  });
}

/** `inputs[0].name`. */
function pathText(path: readonly unknown[]): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}
