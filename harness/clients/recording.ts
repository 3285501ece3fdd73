/** The recording of what the field's clients send (fixtures/clients), read and checked. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageFolder } from '../package.ts';

const folder = join(packageFolder, 'fixtures', 'clients');

const part = z.strictObject({
  name: z.string(),
  text: z.string(),
  filename: z.string().optional(),
  type: z.string().optional(),
});

const step = z.strictObject({
  run: z.string(),
  send: z.string().regex(/^(GET|POST|PUT|PATCH|DELETE|HEAD) \S.*$/),
  first: z.array(z.string()).default([]),
  as: z.enum(['json', 'follow', 'graphql', 'content']).default('json'),
  json: z.unknown().optional(),
  text: z.string().optional(),
  file: z.string().optional(),
  form: z.array(part).optional(),
  type: z.string().optional(),
  chunked: z.boolean().default(false),
  reads: z.unknown().optional(),
  keep: z.record(z.string(), z.string()).default({}),
  until: z.record(z.string(), z.unknown()).optional(),
  decides: z.enum(['status', 'success', 'nothing']).default('status'),
  prints: z.string().optional(),
  says: z.string().optional(),
  status: z.number().int().optional(),
  exit: z.number().int().default(0),
});

/** One command of the command line, or one call of the SDK. */
export type Step = z.infer<typeof step>;
export type FormPart = z.infer<typeof part>;

/** The command line, the SDK, and users with curl, who ask what neither of them does. */
export const clients = ['cli', 'sdk', 'curl'] as const;
export type ClientName = (typeof clients)[number];

/** The story of a client, in order. */
export function storyOf(client: ClientName): readonly Step[] {
  return z.array(step).parse(parse(readFileSync(join(folder, `${client}.yaml`), 'utf8')));
}

/** A document that the story saves, as JSON: clients turn YAML into it. */
export function documentOf(file: string): unknown {
  return parse(readFileSync(join(folder, 'documents', file), 'utf8'));
}
