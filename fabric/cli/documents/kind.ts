/** Kinds of documents that a project holds by name, and are saved, listed, described and deleted alike. */
import type { Column } from '../output/table.ts';
import { relative } from '../output/time.ts';

export interface DocumentKind {
  /** The area of its commands, and its segment in paths: `agents`. */
  readonly area: string;
  /** For messages: `agent`. */
  readonly name: string;
  /** For titles, as the field's command line has it: `Agent`. */
  readonly title: string;
}

/** What lists tell of documents of any kind. */
export interface ShownDocument {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly updatedAt?: number | string;
  readonly createdAt?: number | string;
  readonly createdBy?: string;
}

export function documentColumns<Row extends ShownDocument>(now: number): Column<Row>[] {
  return [
    { title: 'Name', width: 40, value: ({ name }) => name },
    { title: 'Title', width: 40, value: ({ title }) => title },
    { title: 'Description', width: 50, value: ({ description }) => description },
    { title: 'Modified', width: 26, value: ({ updatedAt }) => relative(updatedAt, now) },
    { title: 'Author', width: 25, value: ({ createdBy }) => createdBy },
  ];
}
