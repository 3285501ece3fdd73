/**
 * The test data of the CEL specification (`@bufbuild/cel-spec`), played on our evaluator: no protobuf, no containers.
 */
import { tests as checking } from '@bufbuild/cel-spec/testdata/checking.js';
import { tests as comprehension } from '@bufbuild/cel-spec/testdata/comprehension.js';
import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js';
import { tests as parsing } from '@bufbuild/cel-spec/testdata/parsing.js';
import { DYN, type Type } from '../check/types.ts';
import { Budget } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { kubernetesFunctions, kubernetesTypes } from '../library/kubernetes.ts';
import { compile } from '../program.ts';
import { CompileError } from '../syntax/issues.ts';
import { equal } from '../values/compare.ts';
import { CelMap, type Key, TypeValue, Uint, type Value } from '../values/value.ts';

/** A value as protobuf's JSON writes it. */
interface WrittenValue {
  readonly [kind: string]: unknown;
}

interface Test {
  readonly original: {
    readonly name?: string;
    readonly expr: string;
    readonly container?: string;
    readonly disableMacros?: boolean;
    readonly disableCheck?: boolean;
    readonly checkOnly?: boolean;
    readonly typeEnv?: readonly { readonly name: string; readonly ident?: unknown; readonly function?: unknown }[];
    readonly bindings?: Readonly<Record<string, { readonly value?: WrittenValue }>>;
    readonly value?: WrittenValue;
    readonly evalError?: unknown;
    readonly typedResult?: { readonly result?: WrittenValue };
  };
  readonly error?: string;
  readonly type?: string;
}

interface Suite {
  readonly name: string;
  readonly suites?: readonly Suite[];
  readonly tests?: readonly Test[];
}

export interface Outcome {
  /** `basic/self_eval_zeroish/self_eval_int_zero` */
  readonly name: string;
  readonly section: string;
  /** Undefined when it came out as the specification says. */
  readonly problem?: string;
  /** Named what we lack, when the test needs it. */
  readonly lacks?: string;
}

/** All tests of the conformance suite and what came out. */
export function playConformance(): Outcome[] {
  return testsOf(conformance as unknown as Suite, []).map(([path, test]) => {
    const lacks = needs(test);
    const name = [...path, test.original.name ?? test.original.expr].join('/');
    const section = path[0] ?? '';
    if (lacks !== undefined) return { name, section, lacks };
    const problem = play(test);
    return problem === undefined ? { name, section } : { name, section, problem };
  });
}

/** Tests taken from cel-go: expressions, and the error that its parser or checker gave. */
export function goTests(): {
  readonly expr: string;
  readonly error: string | undefined;
  readonly type: string | undefined;
}[] {
  return [parsing, checking, comprehension].flatMap((suite) =>
    testsOf(suite as unknown as Suite, []).map(([, { original, error, type }]) => ({
      expr: original.expr,
      error,
      type,
    })),
  );
}

function testsOf(suite: Suite, path: readonly string[]): (readonly [readonly string[], Test])[] {
  const own = (suite.tests ?? []).map((test) => [path, test] as const);
  return [...own, ...(suite.suites ?? []).flatMap((child) => testsOf(child, [...path, child.name]))];
}

function needs({ original }: Test): string | undefined {
  const text = JSON.stringify(original);
  if (/TestAllTypes|google\.protobuf\.|objectValue|protobuf|GlobalEnum|NestedMessage|@type|proto\./.test(text))
    return 'protobuf';
  if (original.container !== undefined) return 'containers';
  if (original.disableCheck) return 'expressions without types';
  if (original.disableMacros) return 'macros as functions';
  if (original.typeEnv?.some((declaration) => declaration.function !== undefined)) return 'declared functions';
  return undefined;
}

function play(test: Test): string | undefined {
  const { original } = test;
  const bindings = new Map(
    Object.entries(original.bindings ?? {}).map(([name, { value }]) => [name, read(value ?? {})]),
  );
  const declared = (original.typeEnv ?? []).map(({ name }) => [name, DYN] as const);
  const variables = new Map<string, Type>([...[...bindings.keys()].map((name) => [name, DYN] as const), ...declared]);
  const environment = { functions: kubernetesFunctions, variables, types: kubernetesTypes, allowsMixedLiterals: true };
  const wanted = original.typedResult?.result ?? original.value;
  let found: Value;
  try {
    const program = compile(original.expr, environment);
    if (original.checkOnly) return undefined;
    found = program.evaluate((name) => bindings.get(name), new Budget(1e9));
  } catch (error) {
    const isExpected = error instanceof EvaluationError || error instanceof CompileError;
    if (original.evalError !== undefined && isExpected) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
  if (original.evalError !== undefined) return `has a value: ${String(found)}`;
  const right = wanted === undefined ? true : read(wanted);
  const isSame = equal(found, right, new Budget()) || (Number.isNaN(found) && Number.isNaN(right));
  return isSame && typeof found === typeof right ? undefined : `is ${shown(found)}, not ${shown(right)}`;
}

function shown(value: Value): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}` : part)) ?? '';
}

function read(written: WrittenValue): Value {
  const [[kind, value] = ['', undefined]] = Object.entries(written);
  switch (kind) {
    case 'nullValue':
      return null;
    case 'boolValue':
    case 'stringValue':
      return value as boolean | string;
    case 'doubleValue':
      return Number(value === 'Infinity' ? Infinity : value === '-Infinity' ? -Infinity : value);
    case 'int64Value':
      return BigInt(value as string);
    case 'uint64Value':
      return new Uint(BigInt(value as string));
    case 'bytesValue':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    case 'listValue':
      return ((value as { values?: WrittenValue[] }).values ?? []).map(read);
    case 'mapValue':
      return CelMap.of(
        ((value as { entries?: { key: WrittenValue; value: WrittenValue }[] }).entries ?? []).map(
          (entry) => [read(entry.key) as Key, read(entry.value)] as const,
        ),
      );
    case 'typeValue':
      return new TypeValue(kubernetesTypes.get(value as string) ?? DYN);
    default:
      throw new Error(`no value: ${JSON.stringify(written)}`);
  }
}
