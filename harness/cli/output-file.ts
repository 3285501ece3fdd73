/**
 * Files that a command writes at its end (`--json`, `--html`, `--ready-file`), opened before it begins: a place that
 * cannot be written is found out then, and not when all the work is done. They are written aside and renamed, so that a
 * file is whole or not there.
 */
import { randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly option: string;
  readonly path: string;

  constructor(option: string, path: string, why: string) {
    super(`${option} ${path} cannot be written: ${why}; name a file in a folder that you may write to`);
    this.option = option;
    this.path = path;
  }
}

/** Who may read it: everybody, unless it holds secrets. */
type Mode = 0o644 | 0o600;

export class OutputFile {
  readonly path: string;
  readonly #option: string;
  readonly #target: string;
  /** undefined for a device or a pipe, which is written itself. */
  readonly #aside: string | undefined;
  readonly #mode: Mode;
  readonly #discard = () => this.discard();
  #isWritten = false;

  /** Makes the folders on the way. Throws an OutputError. */
  static open(option: string, path: string, mode: Mode = 0o644): OutputFile {
    try {
      return new OutputFile(option, path, mode);
    } catch (error) {
      throw asOutputError(option, path, error);
    }
  }

  private constructor(option: string, path: string, mode: Mode) {
    this.path = path;
    this.#option = option;
    this.#mode = mode;
    this.#target = resolve(path);
    const present = statSync(this.#target, { throwIfNoEntry: false });
    if (present?.isDirectory()) throw new OutputError(option, path, 'it is a folder');
    if (present) accessSync(this.#target, constants.W_OK);
    if (present && !present.isFile()) return;
    mkdirSync(dirname(this.#target), { recursive: true });
    // A name that nobody could have taken before, with a link or rights of his own.
    this.#aside = `${this.#target}.${process.pid}.${randomUUID()}.part`;
    writeFileSync(this.#aside, '', { mode, flag: 'wx' });
    if (mode === 0o600) chmodSync(this.#aside, mode);
    process.once('exit', this.#discard);
  }

  get isWritten(): boolean {
    return this.#isWritten;
  }

  /** Throws an OutputError. */
  write(text: string): void {
    try {
      writeFileSync(this.#aside ?? this.#target, text, { mode: this.#mode });
      if (this.#aside !== undefined) renameSync(this.#aside, this.#target);
      this.#isWritten = true;
    } catch (error) {
      throw asOutputError(this.#option, this.path, error);
    } finally {
      this.discard();
    }
  }

  /** Leaves what was there before. */
  discard(): void {
    process.off('exit', this.#discard);
    if (this.#aside !== undefined) rmSync(this.#aside, { force: true });
  }
}

/** Makes the folder and sees that files can be made in it. Throws an OutputError. */
export function openOutputFolder(option: string, path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    const probe = join(path, `.orrery-${process.pid}`);
    mkdirSync(probe);
    rmdirSync(probe);
  } catch (error) {
    throw asOutputError(option, path, error);
  }
}

function asOutputError(option: string, path: string, error: unknown): OutputError {
  if (error instanceof OutputError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new OutputError(option, path, reasons[code ?? ''] ?? message);
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'no right to',
  EPERM: 'no right to',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of its path is no folder',
  EEXIST: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
};
