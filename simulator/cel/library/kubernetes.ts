/**
 * What Kubernetes 1.36 has in all its expressions: CEL's own functions and the libraries that its base environment
 * names. Source: apiserver cel/environment/base.go.
 */
import { type Functions, functionsOf } from '../check/declarations.ts';
import {
  BOOL,
  BYTES,
  DOUBLE,
  DURATION,
  DYN,
  INT,
  listOf,
  mapOf,
  NULL,
  optionalOf,
  parameter,
  STRING,
  TIMESTAMP,
  TYPE,
  type Type,
  UINT,
} from '../check/types.ts';
import { addresses, CIDR, IP } from './addresses.ts';
import { operators } from './arithmetic.ts';
import { authorization } from './authorization.ts';
import { conversions } from './conversions.ts';
import { lists, sets } from './lists.ts';
import { NAMED_FORMAT, namedFormats } from './named-formats.ts';
import { optionals } from './optionals.ts';
import { patterns } from './patterns.ts';
import { QUANTITY, quantities } from './quantities.ts';
import { SEMVER, semvers } from './semvers.ts';
import { texts } from './texts.ts';
import { times } from './times.ts';
import { URL_TYPE, urls } from './urls.ts';

export const kubernetesFunctions: Functions = functionsOf(
  operators,
  conversions,
  texts,
  times,
  optionals,
  lists,
  sets,
  patterns,
  urls,
  addresses,
  quantities,
  semvers,
  namedFormats,
  authorization,
);

const anyList = listOf(parameter('A'));
const anyMap = mapOf(parameter('A'), parameter('B'));

/** Types that expressions may name. */
export const kubernetesTypes: ReadonlyMap<string, Type> = new Map(
  [
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    anyList,
    anyMap,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    optionalOf(parameter('V')),
    IP,
    CIDR,
    URL_TYPE,
    QUANTITY,
    SEMVER,
    NAMED_FORMAT,
  ].map((type) => [type.name, type]),
);
