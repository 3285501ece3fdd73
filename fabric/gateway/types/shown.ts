/** A type as clients read it. */
import type { Saved } from '../documents/documents.ts';
import type { TypeDocument } from '../schemas/type.ts';

export function shownType({ content, version, createdBy, createdAt, updatedAt }: Saved<TypeDocument>) {
  return { ...content, version, createdBy, createdAt, updatedAt };
}
