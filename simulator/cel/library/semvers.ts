/**
 * Kubernetes' library `semver`. Source: Kubernetes' cel/library/semverlib.go; the grammar is that of semver.org, as
 * blang/semver reads it.
 */
import { fn, method, type Overload } from '../check/declarations.ts';
import { opaque } from '../check/types.ts';
import { sizeOf, traversal } from '../cost.ts';
import { EvaluationError } from '../errors.ts';
import { Opaque, UINT_MAX, type Value } from '../values/value.ts';

export const SEMVER = opaque('kubernetes.Semver');

interface Version {
  readonly numbers: readonly bigint[];
  readonly before: readonly (string | bigint)[];
}

class CelSemver extends Opaque {
  override readonly type = SEMVER;
  readonly version: Version;

  constructor(version: Version) {
    super();
    this.version = version;
  }

  override equals(other: Opaque): boolean {
    return other instanceof CelSemver && order(this.version, other.version) === 0n;
  }
}

function read(text: string, normalize: boolean): Version {
  const { core, before, build } = parts(normalize ? normalized(text) : text);
  const numbers = core.split('.');
  if (text === '') throw new EvaluationError('Version string empty');
  if (numbers.length < 3) throw new EvaluationError('No Major.Minor.Patch elements found');
  const [major = '', minor = '', ...patch] = numbers;
  const named = [
    ['Major', major],
    ['Minor', minor],
    ['Patch', patch.join('.')],
  ] as const;
  for (const part of (build ?? '').split('.')) {
    if (build !== undefined && part === '') throw new EvaluationError('Build meta data is empty');
    if (/[^0-9A-Za-z-]/.test(part)) {
      throw new EvaluationError(`Invalid character(s) found in build meta data ${JSON.stringify(part)}`);
    }
  }
  return {
    numbers: named.map(([name, part]) => number(name, part)),
    before: before === undefined ? [] : before.split('.').map(identifier),
  };
}

/** `1.2.3-before+build`: the number ends at the first of the two signs. */
function parts(text: string): { core: string; before: string | undefined; build: string | undefined } {
  const plus = text.indexOf('+');
  const build = plus < 0 ? undefined : text.slice(plus + 1);
  const rest = plus < 0 ? text : text.slice(0, plus);
  const minus = rest.indexOf('-');
  return {
    core: minus < 0 ? rest : rest.slice(0, minus),
    before: minus < 0 ? undefined : rest.slice(minus + 1),
    build,
  };
}

function number(name: string, text: string): bigint {
  if (!/^\d+$/.test(text)) {
    throw new EvaluationError(`Invalid character(s) found in ${name.toLowerCase()} number ${JSON.stringify(text)}`);
  }
  if (/^0./.test(text))
    throw new EvaluationError(`${name} number must not contain leading zeroes ${JSON.stringify(text)}`);
  const value = BigInt(text);
  if (value > UINT_MAX) {
    throw new EvaluationError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return value;
}

function identifier(text: string): string | bigint {
  if (text === '') throw new EvaluationError('Prerelease is empty');
  if (/^\d+$/.test(text)) {
    if (/^0./.test(text)) {
      throw new EvaluationError(`Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(text)}`);
    }
    return BigInt(text);
  }
  if (/^[0-9A-Za-z-]+$/.test(text)) return text;
  throw new EvaluationError(`Invalid character(s) found in prerelease ${JSON.stringify(text)}`);
}

/** `v1.02` is `1.2.0`. */
function normalized(text: string): string {
  const [major = '', minor, ...patch] = text.replace(/^v/, '').split('.');
  const given = [major, ...(minor === undefined ? [] : [minor]), ...(patch.length === 0 ? [] : [patch.join('.')])];
  const numbers = given.map((part) =>
    part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0+(?=$|\D)/, '0') : part,
  );
  if (numbers.length < 3 && /[+-]/.test(numbers.at(-1) ?? '')) {
    throw new EvaluationError('short version cannot contain PreRelease/Build meta data');
  }
  return [...numbers, '0', '0'].slice(0, 3).join('.');
}

function order(one: Version, other: Version): bigint {
  for (const [index, value] of one.numbers.entries()) {
    const found = comparison(value, other.numbers[index] ?? 0n);
    if (found !== 0n) return found;
  }
  if (one.before.length === 0 || other.before.length === 0) {
    return BigInt(Math.sign(other.before.length - one.before.length));
  }
  for (const [index, part] of one.before.entries()) {
    const against = other.before[index];
    if (against === undefined) return 1n;
    const found = comparison(part, against);
    if (found !== 0n) return found;
  }
  return one.before.length < other.before.length ? -1n : 0n;
}

/** Numbers come before words. */
function comparison(one: string | bigint, other: string | bigint): bigint {
  if (typeof one !== typeof other) return typeof one === 'bigint' ? -1n : 1n;
  return one < other ? -1n : one > other ? 1n : 0n;
}

function isVersion(text: string, normalize: boolean): boolean {
  try {
    read(text, normalize);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

const versionOf = (value: Value | undefined): Version => (value as CelSemver).version;
const parseCost = ([text = '']: readonly Value[]): number => traversal(sizeOf(text));
const S = 'kubernetes.Semver';

export const semvers: readonly Overload[] = [
  fn('semver', `string -> ${S}`, ([text]) => new CelSemver(read(text as string, false)), parseCost),
  fn('semver', `string, bool -> ${S}`, ([text, lax]) => new CelSemver(read(text as string, lax as boolean)), parseCost),
  fn('isSemver', 'string -> bool', ([text]) => isVersion(text as string, false), parseCost),
  fn('isSemver', 'string, bool -> bool', ([text, lax]) => isVersion(text as string, lax as boolean), parseCost),
  method('isGreaterThan', `${S}, ${S} -> bool`, ([one, other]) => order(versionOf(one), versionOf(other)) > 0n),
  method('isLessThan', `${S}, ${S} -> bool`, ([one, other]) => order(versionOf(one), versionOf(other)) < 0n),
  method('compareTo', `${S}, ${S} -> int`, ([one, other]) => order(versionOf(one), versionOf(other))),
  ...['major', 'minor', 'patch'].map((name, index) =>
    method(name, `${S} -> int`, ([value]) => versionOf(value).numbers[index] ?? 0n),
  ),
];
