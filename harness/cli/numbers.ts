/** Options that are numbers. */
import { InvalidArgumentError } from 'commander';

/** A whole number, decimal or `0x…`. */
export function wholeNumber(text: string): number {
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(text) || !Number.isSafeInteger(Number(text))) {
    throw new InvalidArgumentError(`"${text}" is no whole number.`);
  }
  return Number(text);
}

/** A TCP port; 0 lets the machine choose. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError(`"${text}" is no port: ports go to 65535.`);
  return port;
}

/** A factor above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError(`"${text}" is no number above 0.`);
  return value;
}
