/** `--allow-outward` of the gateway and of `orrery up`: hosts inside that URLs of clients may name. */
import { InvalidArgumentError } from 'commander';
import { isAllowedOutwardHost } from './guard.ts';

/** Commas in between; given again, they add up. */
export function outwardHosts(text: string, before: readonly string[]): string[] {
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  const wrong = hosts.find((host) => !isAllowedOutwardHost(host));
  if (wrong === undefined) return [...before, ...hosts];
  throw new InvalidArgumentError(
    `${JSON.stringify(wrong)} is no host: write a name or an address, and a port if need be.`,
  );
}
