/** The HTTP server around the skill's work: POST /invoke, GET /healthz. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { run } from './skill.ts';

interface Answer {
  readonly status: number;
  readonly content: object;
}

async function answerTo(request: IncomingMessage): Promise<Answer> {
  const asked = `${request.method} ${request.url}`;
  if (asked === 'GET /healthz') return { status: 200, content: { payload: 'ok' } };
  if (asked !== 'POST /invoke') return { status: 404, content: { error: `nothing at ${asked}: POST to /invoke` } };
  const message = parsed(await bodyOf(request));
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    return { status: 400, content: { error: 'the message must be a JSON object' } };
  }
  return { status: 200, content: { payload: await run(message) } };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const server: Server = createServer(async (request, response) => {
  const { status, content } = await answerTo(request).catch((error: unknown) => {
    console.error(error);
    return { status: 500, content: { error: 'the skill failed' } };
  });
  console.error(`${request.method} ${request.url} ${status}`);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
});
