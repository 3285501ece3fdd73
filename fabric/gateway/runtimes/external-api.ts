/** The runtime `cortex/external-api`: a request to an API of somebody else's (contract 4.6). */
import { askOutward, OutwardError } from '../outward/ask.ts';
import type { Gateway } from '../settings.ts';
import { callHeaders } from './headers.ts';
import type { Call, Runtime } from './runtime.ts';

/** So much of an answer that is an error is told. */
const shownCharacters = 500;

export function externalApiRuntime(gateway: Gateway): Runtime {
  return {
    canBeTakenUp: false,
    taskName: () => undefined,
    async run(call, isTakenUp, signal) {
      if (isTakenUp) return { error: 'the gateway ended while the API was asked: whether it has acted is not known' };
      const url = urlOf(call);
      if (url === undefined)
        return { error: 'the skill has no property "url", or it is no URL: the address of the API' };
      const method = String(call.message.properties.method ?? 'POST').toUpperCase();
      if (!/^(GET|HEAD|POST|PUT|PATCH|DELETE)$/.test(method)) return { error: `method ${method} is not possible` };
      const hasBody = method !== 'GET' && method !== 'HEAD';
      const headers = callHeaders(call.message, {
        accept: 'application/json',
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
      });
      const body = JSON.stringify(call.message.payload ?? {});
      try {
        const answer = await askOutward(gateway, { method, url, headers, ...(hasBody ? { body } : {}) }, signal);
        if (answer.status >= 200 && answer.status < 300) return { output: outputOf(answer.text) };
        return { error: `${method} ${url} answered ${answer.status}: ${answer.text.slice(0, shownCharacters)}` };
      } catch (error) {
        if (error instanceof OutwardError) return { error: error.message };
        throw error;
      }
    },
    stop: async () => undefined,
  };
}

/** The path is appended to that of the URL, with one slash between; a query of either is kept. */
function urlOf({ message: { properties } }: Call): string | undefined {
  const { url, path } = properties;
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined;
  if (typeof path !== 'string' || path === '') return url;
  const whole = new URL(url);
  const [more = '', query] = path.split(/\?(.*)/s);
  whole.pathname = `${whole.pathname.replace(/\/+$/, '')}/${more.replace(/^\/+/, '')}`;
  whole.search = [whole.search.slice(1), query].filter(Boolean).join('&');
  return whole.href;
}

/** JSON when it is some. */
function outputOf(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
