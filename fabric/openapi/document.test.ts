/** A document is made of operations and their schemas, and what makes it no document is found. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type OpenApiDocument, openApiDocument } from './document.ts';
import { count, flag, json, named, type Operation, words } from './operation.ts';
import { structureFaults } from './structure.fixture.ts';

const thing = named('TestThing', z.strictObject({ name: z.string(), parts: z.array(z.string()).default([]) }));

const operation: Operation = {
  operationId: 'saveThing',
  method: 'POST',
  path: '/things/{thing}',
  tag: 'things',
  summary: 'Saves a thing',
  places: { thing: words('Its name.') },
  query: { force: flag('Whatever stands in the way.'), limit: count('How many.') },
  headers: { 'x-ttl': words('Seconds.') },
  body: { contents: json(z.object({ thing: z.strictObject({ ttl: z.int().default(5) }) })), isRequired: true },
  answers: new Map([
    [200, { description: 'Done.', contents: json(z.strictObject({ things: z.array(thing) })) }],
    [304, { description: 'Unchanged.' }],
  ]),
  security: 'bearer',
};
const api = { title: 'Things', version: '1', description: '', tags: [{ name: 'things', description: 'Things.' }] };
const securitySchemes = { bearer: { type: 'http', scheme: 'bearer' } };
const document = openApiDocument({ ...api, operations: [operation], securitySchemes });
const post = document.paths['/things/{thing}']?.post;

describe('a document', () => {
  it('is one of OpenAPI 3.1', () => expect(structureFaults(document)).toEqual([]));

  it('has what has a name once, and refers to it', () => {
    expect(post?.responses['200']?.content?.['application/json']?.schema).toEqual({
      type: 'object',
      properties: { things: { type: 'array', items: { $ref: '#/components/schemas/TestThing' } } },
      required: ['things'],
    });
    expect(Object.keys(document.components.schemas)).toEqual(['TestThing']);
  });

  it('says of bodies what may be left out, and that nothing else is taken', () => {
    expect(post?.requestBody?.content['application/json']?.schema).toMatchObject({
      properties: { thing: { properties: { ttl: { type: 'integer', default: 5 } }, additionalProperties: false } },
    });
    expect(JSON.stringify(post?.requestBody)).not.toContain('"required":["ttl"]');
  });

  it('says of answers what is always there, and not that there is nothing else', () => {
    expect(document.components.schemas.TestThing).toMatchObject({ required: ['name', 'parts'] });
    expect(document.components.schemas.TestThing).not.toHaveProperty('additionalProperties');
  });

  it('has parameters with their meaning', () => {
    expect(post?.parameters.map((each) => [each.in, each.name, each.required, each.description])).toEqual([
      ['path', 'thing', true, 'Its name.'],
      ['query', 'force', false, 'Whatever stands in the way.'],
      ['query', 'limit', false, 'How many.'],
      ['header', 'x-ttl', false, 'Seconds.'],
    ]);
    expect(post?.parameters[2]?.schema).toEqual({ type: 'integer', minimum: 0 });
  });

  it.each([
    ['the same place', operation],
    ['the same id', { ...operation, path: '/others/{thing}' }],
  ])('refuses two operations with %s', (_, other) => {
    expect(() => openApiDocument({ ...api, operations: [operation, other] })).toThrow(/described twice/);
  });
});

describe('what is no document', () => {
  /** A copy in which the value at that place is another one; undefined: is not there. */
  const changed = (place: readonly string[], value: unknown): OpenApiDocument => {
    const copy = JSON.parse(JSON.stringify(document));
    const parent = place.slice(0, -1).reduce((at, name) => at[name], copy);
    parent[place.at(-1) ?? ''] = value;
    return JSON.parse(JSON.stringify(copy));
  };
  const place = ['paths', '/things/{thing}', 'post'];
  it.each([
    ['a missing title', ['info', 'title'], undefined],
    ['another version', ['openapi'], '3.0.0'],
    ['a reference to nothing', ['components', 'schemas', 'TestThing'], undefined],
    ['an operation without answers', [...place, 'responses'], undefined],
    ['a place in the path that is not declared', [...place, 'parameters'], []],
    ['a word that no schema has', ['components', 'schemas', 'TestThing', 'kind'], 'x'],
    ['a type that no schema has', ['components', 'schemas', 'TestThing', 'type'], 'text'],
    ['security that is not defined', ['components', 'securitySchemes', 'bearer'], undefined],
  ])('is found: %s', (_, where, value) => {
    expect(structureFaults(changed(where, value))).not.toEqual([]);
  });
});
