/** A service as a process of its own, for a bench: what it told when it was up, and what it holds of memory. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ServiceProcess<Told> {
  readonly told: Told;
  /** Resident, MiB. */
  residentMiB(): number;
  stop(): Promise<void>;
}

const pageBytes = 4_096;
/** As our images have it. */
const nodeFlags = ['--max-semi-space-size=4'];

/** `file` sends one message when it is up, and ends at SIGTERM. Rejects when it ends before. */
export function startServiceProcess<Told>(file: string, parameters: readonly string[]): Promise<ServiceProcess<Told>> {
  const child = fork(file, [...parameters], { execArgv: nodeFlags });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${file} ended with code ${code}`)));
    child.once('message', (told) => {
      const residentMiB = () => {
        const [, pages = '0'] = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ');
        return (Number(pages) * pageBytes) / 1024 / 1024;
      };
      const stop = () => new Promise<void>((ended) => child.once('exit', () => ended()).kill());
      resolve({ told: told as Told, residentMiB, stop });
    });
  });
}
