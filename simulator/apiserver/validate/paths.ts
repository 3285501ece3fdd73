/** Paths inside volumes: they must stay inside. */
import type { FieldError } from '../errors.ts';
import { invalid } from './field.ts';

/** No `..` between slashes. */
export function validateNoBackstep(text: string, path: string): FieldError[] {
  return text.split('/').includes('..') ? [invalid(path, text, "must not contain '..'")] : [];
}

/** A relative path without `..`. */
export function validateRelativePath(text: string, path: string): FieldError[] {
  return [
    ...(text.startsWith('/') ? [invalid(path, text, 'must be a relative path')] : []),
    ...validateNoBackstep(text, path),
  ];
}

/** A relative path that does not begin with `..`, which the kubelet keeps for itself. */
export function validateUnreservedPath(text: string, path: string): FieldError[] {
  const reserved = text.startsWith('..') && !text.startsWith('../');
  return [...validateRelativePath(text, path), ...(reserved ? [invalid(path, text, "must not start with '..'")] : [])];
}

/** Permission bits of a file in a volume. */
export function validateFileMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || mode === null || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive')];
}
