/**
 * The descriptions of Kubernetes 1.36, read from the declarations of the package `kubernetes-models` when they are
 * asked for: they are those of the API server itself, line breaks included.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Prose } from '../../simulator/apiserver/schema/prose.ts';

interface Described {
  readonly own?: string;
  readonly members: ReadonlyMap<string, string>;
}

/** Members of every kind: the declarations inherit them and say nothing of them. */
const typeMembers: Readonly<Record<string, string>> = {
  apiVersion: 'APIResourceList',
  kind: 'APIResourceList',
};
const metaTypes = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export function installedProse(): Prose {
  const kinds = folderOf('kubernetes-models');
  const machinery = folderOf('@kubernetes-models/apimachinery');
  const groups = readdirSync(kinds, { withFileTypes: true }).filter((each) => each.isDirectory());
  const known = new Map<string, Described>();
  const fileOf = (typeName: string): string | undefined => {
    const shared = /^io\.k8s\.apimachinery\.pkg\.(.+)$/.exec(typeName)?.[1];
    if (shared !== undefined) return `${join(machinery, ...shared.split('.'))}.d.ts`;
    const [, group = '', version = '', kind = ''] = /(?:\.|^)([a-z0-9-]+)\.(v\w+)\.(\w+)$/.exec(typeName) ?? [];
    if (group === 'core') return join(kinds, version, `${kind}.d.ts`);
    const folder = groups.find(({ name }) => name === group || name.startsWith(`${group}.`));
    return folder && join(kinds, folder.name, version, `${kind}.d.ts`);
  };
  const describedBy = (typeName: string): Described => {
    const found = known.get(typeName) ?? read(fileOf(typeName));
    known.set(typeName, found);
    return found;
  };
  return {
    name: 'kubernetes-models',
    of(typeName, member) {
      if (member === undefined) return describedBy(typeName).own;
      const text = describedBy(typeName).members.get(member);
      const owner = typeMembers[member];
      return text ?? (owner === undefined ? undefined : describedBy(`${metaTypes}.${owner}`).members.get(member));
    },
  };
}

function folderOf(name: string): string {
  return dirname(fileURLToPath(import.meta.resolve(name)));
}

function read(file: string | undefined): Described {
  if (file === undefined || !existsSync(file)) return { members: new Map() };
  return describedIn(readFileSync(file, 'utf8'));
}

/** From the text of a declaration file: the comments before the type and before its members. */
export function describedIn(declarations: string): Described {
  const own = /\/\*\*\n((?: \*[^\n]*\n)*?) \*\/\nexport (?:interface|type) /.exec(declarations)?.[1];
  const members = new Map<string, string>();
  for (const [, comment = '', name = ''] of declarations.matchAll(
    /^ {4}\/\*\*\n((?: {5}\*[^\n]*\n)*?) {5}\*\/\n {4}"([^"]+)"/gm,
  )) {
    if (!members.has(name)) members.set(name, textOf(comment));
  }
  return { ...(own === undefined ? {} : { own: textOf(own) }), members };
}

/** Without the marks of a comment, and without the tag that its generator adds to what is deprecated. */
function textOf(comment: string): string {
  const lines = comment.trimEnd().split('\n');
  return lines
    .map((line) => line.replace(/^ *\* ?/, ''))
    .filter((line) => line !== '@deprecated')
    .join('\n')
    .replaceAll('*\\/', '*/')
    .replaceAll('\\*', '*');
}
