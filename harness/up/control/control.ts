/**
 * The control API of a live run, for tests in any language: time, faults, programs, trace and end. Begin reading here;
 * `routes/` has what it does, and `GET /openapi.json` describes it. Errors are `{"success": false, "message", "code"}`.
 */
import type { HttpHandler } from '../../../world/network.ts';
import { sendJson } from './bodies.ts';
import { controlRoutes } from './document.ts';
import { ControlError, statusOf } from './errors.ts';
import type { ControlOptions, ControlRoute } from './route.ts';

export function controlHandler(options: ControlOptions): HttpHandler {
  return async (request, response) => {
    try {
      const { route, place } = found(request.method, request.url.replace(/\?.*$/, ''));
      await route.handle({ options, request, response, place });
    } catch (error) {
      const code = statusOf(error);
      if (code === undefined || response.headWritten) throw error;
      const message = error instanceof Error ? error.message : String(error);
      sendJson(response, code, { success: false, message, code });
    }
  };
}

interface Found {
  readonly route: ControlRoute;
  /** What stands in the place of the braces. */
  readonly place: string;
}

/** What is asked by GET may be asked by HEAD. */
function found(asked: string, path: string): Found {
  const method = asked === 'HEAD' ? 'GET' : asked;
  for (const route of controlRoutes) {
    const place = route.operation.method === method ? placeIn(route.operation.path, path) : undefined;
    if (place !== undefined) return { route, place };
  }
  const there = [...new Set(controlRoutes.map(({ operation }) => operation.path))].join(', ');
  throw new ControlError(404, `no route ${asked} ${path}: there are ${there}`);
}

/** undefined where the path is not one of the template, whose braces stand at its end. */
function placeIn(template: string, path: string): string | undefined {
  const [fixed = '', inBraces] = template.split('{');
  if (inBraces === undefined) return path === fixed ? '' : undefined;
  const rest = path.startsWith(fixed) ? path.slice(fixed.length) : '';
  if (rest === '' || rest.includes('/')) return undefined;
  try {
    return decodeURIComponent(rest);
  } catch {
    throw new ControlError(400, `${rest} is not percent-encoded: write % as %25`);
  }
}
