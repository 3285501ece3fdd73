/** The document that a path names: a skill, an agent, an action, a type, a connection. */
import type { HttpContext } from '../../http/index.ts';
import type { Documents, Saved } from '../documents/documents.ts';
import { problems } from '../errors.ts';
import { projectOf } from './parameters.ts';

/** By the parameter that is called like its kind. Throws the Problem `<kind>-not-found`. */
export function documentIn<Content extends object>(
  context: HttpContext,
  documents: Documents<Content>,
  kind: string,
): Promise<Saved<Content>> {
  return documentCalled(documents, kind, projectOf(context), context.req.param(kind) ?? '');
}

/** Throws the Problem `<kind>-not-found`. */
export async function documentCalled<Content extends object>(
  documents: Documents<Content>,
  kind: string,
  project: string,
  name: string,
): Promise<Saved<Content>> {
  const document = await documents.get(project, name);
  if (!document) throw problems.documentNotFound(kind, name, project);
  return document;
}
