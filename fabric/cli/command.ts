/**
 * What a command is: one file below `commands/`, whose folders are the command tree. `program.ts` makes a commander
 * program of all.
 */
import type { Context } from './context.ts';
import { usageError } from './errors.ts';

export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** The last one may stand several times. */
  readonly isVariadic?: boolean;
  readonly isOptional?: boolean;
}

export interface OptionDefinition {
  /** As commander has it: `--limit <count>`, `--follow`. */
  readonly flags: string;
  readonly description: string;
  readonly choices?: readonly string[];
  /** May stand several times. */
  readonly isRepeated?: boolean;
}

export interface Command {
  /** The words that name it: `tasks`, `list`. */
  readonly path: readonly string[];
  /** Another name of its last word. */
  readonly alias?: string;
  /** One line for the help and for docs/cli.md. */
  readonly summary: string;
  readonly parameters?: readonly Parameter[];
  readonly options?: readonly OptionDefinition[];
  run(call: CommandCall): Promise<void>;
}

/** A command as somebody has written it. */
export class CommandCall {
  readonly context: Context;
  readonly #parameters: readonly (string | readonly string[] | undefined)[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(
    context: Context,
    parameters: readonly (string | readonly string[] | undefined)[],
    options: Readonly<Record<string, unknown>>,
  ) {
    this.context = context;
    this.#parameters = parameters;
    this.#options = options;
  }

  /** The parameter at that place; commander has refused a call without it, unless it is optional. */
  parameter(index: number): string {
    const value = this.#parameters[index];
    return typeof value === 'string' ? value : '';
  }

  /** All that were given for a parameter that may stand several times. */
  parameters(index: number): readonly string[] {
    const value = this.#parameters[index];
    return typeof value === 'string' ? [value] : (value ?? []);
  }

  text(option: string): string | undefined {
    const value = this.#options[option];
    return typeof value === 'string' ? value : undefined;
  }

  texts(option: string): readonly string[] {
    const value = this.#options[option];
    return Array.isArray(value) ? value.map(String) : [];
  }

  isOn(option: string): boolean {
    return this.#options[option] === true;
  }

  /** Given with or without a value: `--json`, `--json '[].name'`. */
  isGiven(option: string): boolean {
    return this.#options[option] !== undefined;
  }

  /** A whole number of at least `minimum`. Throws a usage error. */
  count(option: string, minimum: number): number | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw usageError(`--${option} must be a whole number of at least ${minimum}, not ${JSON.stringify(text)}`);
  }
}
