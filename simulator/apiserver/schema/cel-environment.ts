/**
 * The language of x-kubernetes-validations: CEL with Kubernetes' types, made from a schema, and the part of its function library that
 * the evaluator lacks. What is not there (url, ip, cidr, quantity, format) fails to compile and is named.
 */
import { Environment } from '@marcbachmann/cel-js';
import { CelObject } from './cel-values.ts';
import { compareText } from './json.ts';
import { compilePattern } from './patterns.ts';
import type { Schema } from './schema-node.ts';
import {
  embeddedResource,
  intOrString,
  isTrue,
  preserveUnknown,
  propertiesOf,
  subschema,
  textOf,
} from './schema-node.ts';

/** Words that CEL reserves; fields of these names are written `__name__`. */
const reserved = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A field's name as rules write it; undefined when rules cannot name it. */
export function celName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
  return /^[A-Za-z_]\w*$/.test(escaped) ? escaped : undefined;
}

const withImplicit = new WeakMap<Schema, Schema>();

/** The schema with what every object has; rules see names of metadata only. The same schema gives the same result. */
export function withImplicitFields(schema: Schema): Schema {
  const known = withImplicit.get(schema) ?? addImplicitFields(schema);
  withImplicit.set(schema, known);
  return known;
}

function addImplicitFields(schema: Schema): Schema {
  const text = { type: 'string' };
  const metadata = { type: 'object', properties: { name: text, generateName: text } };
  return {
    ...schema,
    type: 'object',
    properties: { ...subschema(schema, 'properties'), apiVersion: text, kind: text, metadata },
  };
}

/** Declares types for schemas and knows their names. */
class Types {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  nameOf(schema: Schema): string {
    if (isTrue(schema, intOrString)) return 'dyn';
    switch (textOf(schema, 'type')) {
      case 'boolean':
        return 'bool';
      case 'integer':
        return 'int';
      case 'number':
        return 'double';
      case 'string':
        return this.#textType(textOf(schema, 'format'));
      case 'array':
        return `list<${this.nameOf(subschema(schema, 'items') ?? {})}>`;
      case 'object':
        return this.#objectType(schema);
      default:
        return 'dyn';
    }
  }

  #textType(format: string | undefined): string {
    if (format === 'date' || format === 'date-time') return 'google.protobuf.Timestamp';
    if (format === 'duration') return 'google.protobuf.Duration';
    return format === 'byte' ? 'bytes' : 'string';
  }

  #objectType(schema: Schema): string {
    const additional = subschema(schema, 'additionalProperties');
    if (additional !== undefined) return `map<string, ${this.nameOf(additional)}>`;
    if (propertiesOf(schema).length === 0 && isTrue(schema, preserveUnknown)) return 'dyn';
    const name = `Object${this.#count}`;
    this.#count += 1;
    const declared = isTrue(schema, embeddedResource) ? withImplicitFields(schema) : schema;
    const fields: Record<string, string> = {};
    for (const [field, child] of propertiesOf(declared)) {
      const known = celName(field);
      if (known !== undefined) fields[known] = this.nameOf(child);
    }
    const type = constructors.get(schema) ?? class extends CelObject {};
    constructors.set(schema, type);
    this.#environment.registerType(name, { ctor: type, fields });
    this.#environment.registerOperator(`${name} == ${name}`, (one: CelObject, other: CelObject) => one.equals(other));
    return name;
  }
}

const constructors = new WeakMap<Schema, typeof CelObject>();

/** The class of values of that object schema; an environment for it has to be made first. */
export function constructorOf(schema: Schema): typeof CelObject {
  return constructors.get(schema) ?? CelObject;
}

type Comparable = bigint | number | string | boolean | { valueOf(): number };

function compare(one: Comparable, other: Comparable): number {
  if (typeof one === 'string' && typeof other === 'string') return compareText(one, other);
  return one < other ? -1 : one > other ? 1 : 0;
}

function arrayOf(list: Iterable<unknown>): unknown[] {
  return [...list];
}

function addListFunctions(environment: Environment): void {
  for (const type of ['int', 'double', 'string', 'bool', 'google.protobuf.Timestamp', 'google.protobuf.Duration']) {
    const sorted = (list: Iterable<Comparable>): Comparable[] => [...list].sort(compare);
    environment.registerFunction(`list<${type}>.isSorted(): bool`, (list: Iterable<Comparable>) => {
      const items = [...list];
      return items.every((item, index) => index === 0 || compare(items[index - 1] ?? item, item) <= 0);
    });
    environment.registerFunction(`list<${type}>.min(): ${type}`, (list: Iterable<Comparable>) =>
      extreme(sorted(list).at(0), 'min'),
    );
    environment.registerFunction(`list<${type}>.max(): ${type}`, (list: Iterable<Comparable>) =>
      extreme(sorted(list).at(-1), 'max'),
    );
    environment.registerFunction(
      `list<${type}>.indexOf(${type}): int`,
      (list: Iterable<Comparable>, item: Comparable) =>
        BigInt([...list].findIndex((other) => compare(other, item) === 0)),
    );
    environment.registerFunction(
      `list<${type}>.lastIndexOf(${type}): int`,
      (list: Iterable<Comparable>, item: Comparable) =>
        BigInt([...list].findLastIndex((other) => compare(other, item) === 0)),
    );
  }
  environment.registerFunction('list<int>.sum(): int', (list: Iterable<bigint>) =>
    [...list].reduce((sum, item) => sum + item, 0n),
  );
  environment.registerFunction('list<double>.sum(): double', (list: Iterable<number>) =>
    [...list].reduce((sum, item) => sum + item, 0),
  );
}

function extreme(item: Comparable | undefined, name: string): Comparable {
  if (item === undefined) throw new Error(`${name} called on empty list`);
  return item;
}

function found(text: string, pattern: string): string[] {
  const expression = compilePattern(pattern);
  if (expression === undefined) throw new Error(`Illegal regex: ${pattern}`);
  return [...text.matchAll(new RegExp(expression.source, `${expression.flags}g`))].map(([match]) => match);
}

function addTextFunctions(environment: Environment): void {
  environment.registerFunction(
    'string.find(string): string',
    (text: string, pattern: string) => found(text, pattern)[0] ?? '',
  );
  environment.registerFunction('string.findAll(string): list<string>', found);
  environment.registerFunction(
    'string.findAll(string, int): list<string>',
    (text: string, pattern: string, limit: bigint) =>
      limit < 0n ? found(text, pattern) : found(text, pattern).slice(0, Number(limit)),
  );
  environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
    text.replaceAll(from, () => to),
  );
  environment.registerFunction(
    'string.replace(string, string, int): string',
    (text: string, from: string, to: string, limit: bigint) => {
      let left = limit < 0n ? Number.POSITIVE_INFINITY : Number(limit);
      return text.replaceAll(from, (match) => {
        left -= 1;
        return left >= 0 ? to : match;
      });
    },
  );
  environment.registerFunction(
    'string.charAt(int): string',
    (text: string, index: bigint) => [...text][Number(index)] ?? '',
  );
  environment.registerFunction('string.reverse(): string', (text: string) => arrayOf(text).reverse().join(''));
}

/** What Kubernetes has beyond CEL's own functions, as far as it is here. */
export function addKubernetesFunctions(environment: Environment): void {
  addListFunctions(environment);
  addTextFunctions(environment);
}

/** An environment in which `self` is a value of that schema; with `oldIsOptional`, `oldSelf` is an optional one. */
export function environmentFor(schema: Schema, oldIsOptional: boolean): Environment {
  const environment = new Environment({ enableOptionalTypes: true });
  const type = new Types(environment).nameOf(schema);
  environment.registerVariable('self', type);
  environment.registerVariable('oldSelf', oldIsOptional ? `optional<${type}>` : type);
  addKubernetesFunctions(environment);
  return environment;
}
