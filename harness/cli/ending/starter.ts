/**
 * Notices that the process that started this one has ended. Then the parent changes: to 1, or to a reaper of the
 * system's; which one says nothing. Between the starter and this process may be npm and the shell that npm starts (`npx
 * orrery up`), which may outlive each other, so the parent of each of them is watched as well.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const LOOK_MS = 500;
/** Deeper chains of wrappers than any `npm exec` in a script of npm makes. */
const LINKS_MAX = 12;

/** A process and the parent that it had. */
export interface Link {
  readonly pid: number;
  readonly parent: number;
}

/** What the machine knows of a process; undefined when it has ended. */
export interface ProcessFacts {
  readonly parent: number;
  /** Program and parameters, as far as the machine tells them. */
  readonly command: readonly string[];
}

export type Lookup = (pid: number) => ProcessFacts | undefined;

/** The chain from `self` up to the first ancestor that is no wrapper: each link has to hold. */
export function linksToStarter(self: Link, lookup: Lookup): Link[] {
  const links = [self];
  for (let { parent } = self; parent > 1 && links.length < LINKS_MAX; ) {
    const facts = lookup(parent);
    if (!facts || !isWrapper(facts.command)) break;
    links.push({ pid: parent, parent: facts.parent });
    parent = facts.parent;
  }
  return links;
}

/** The first link that holds no more. */
export function brokenLink(links: readonly Link[], lookup: Lookup): Link | undefined {
  return links.find(({ pid, parent }) => lookup(pid)?.parent !== parent);
}

/** npm and npx call themselves `npm exec orrery up`; a shell that runs one command line is `sh -c ...`. */
function isWrapper([program = '', first = '']: readonly string[]): boolean {
  const name = basename(program.split(' ')[0] ?? '');
  if (/^(npm|npx)$/.test(name)) return true;
  if (/^node(js)?$/.test(name)) return /(npm|npx)(-cli)?(\.c?js)?$/.test(first);
  return /^(a|ba|da|z|k)?sh$/.test(name) && first === '-c';
}

/** Calls back once, when the starter has ended; what is returned stops watching. */
export function watchStarter(startedBy: number, onEnded: () => void): () => void {
  const lookup: Lookup = (pid) => (pid === process.pid ? { parent: process.ppid, command: [] } : factsOf(pid));
  const links = linksToStarter({ pid: process.pid, parent: startedBy }, lookup);
  const timer = setInterval(() => {
    if (!brokenLink(links, lookup)) return;
    clearInterval(timer);
    onEnded();
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function factsOf(pid: number): ProcessFacts | undefined {
  return process.platform === 'linux' ? factsInProc(pid) : factsFromPs(pid);
}

function factsInProc(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets, with whatever is in it; the fourth is the parent.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return { parent, command };
  } catch {
    return undefined;
  }
}

function factsFromPs(pid: number): ProcessFacts | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' });
  const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout ?? '') ?? [];
  return status === 0 && parent !== undefined && command !== undefined
    ? { parent: Number(parent), command: command.split(' ') }
    : undefined;
}
