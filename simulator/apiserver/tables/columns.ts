/** What a printer of a kind consists of: columns and the cells of an object. */

export type Cell = string | number | boolean | null;

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  /** Above 0: only shown by `-o wide`. */
  readonly priority: number;
}

/** A condition of a row; clients may hide rows that are `Completed`. */
export interface RowCondition {
  readonly type: 'Completed';
  readonly status: 'True';
  readonly reason: string;
  readonly message: string;
}

export interface Printer<T> {
  readonly columns: readonly ColumnDefinition[];
  /** `nowMs` is epoch milliseconds. */
  cells(object: T, nowMs: number): Cell[];
  conditions?(object: T): RowCondition[] | undefined;
}

export function column(name: string, description: string, type = 'string', format = ''): ColumnDefinition {
  return { name, type, format, description, priority: 0 };
}

/** A column of `-o wide`. */
export function wide(name: string, description: string, type = 'string', format = ''): ColumnDefinition {
  return { name, type, format, description, priority: 1 };
}

export const nameColumn = column('Name', 'Name of the object, unique in its namespace.', 'string', 'name');
export const ageColumn = column('Age', 'Time since the object was created.');

/** What stands for nothing. */
export function orNone(text: string | undefined): string {
  return text || '<none>';
}
