/** A connection as clients read it: its secrets stay references. */
import type { Saved } from '../documents/documents.ts';
import type { ConnectionDocument } from '../schemas/connection.ts';

export function shownConnection({ content, version, createdBy, createdAt, updatedAt }: Saved<ConnectionDocument>) {
  return { ...content, version, createdBy, createdAt, updatedAt };
}
