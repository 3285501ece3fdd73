/** Plays a report: what is asked, what would be right, what the simulated Fabric answers. */
import { isDeepStrictEqual } from 'node:util';
import { StartedUp } from '../../harness/up/starting.fixture.ts';
import { ReportedFabric } from './fabric.ts';
import { type EndCheck, isEnd, isRequest, type Report, type Request, type RequestCheck } from './report.ts';
import { ofInterest, show } from './show.ts';

export interface Row {
  readonly report: string;
  readonly asked: string;
  readonly right: unknown;
  readonly ours: unknown;
  readonly ok: boolean;
}

/** @throws an Error when a step before the questions is refused. */
export async function play(report: Report): Promise<Row[]> {
  const requests = report.checks.filter(isRequest);
  const rows = requests.length > 0 ? await playRequests(report, requests) : [];
  for (const end of report.checks.filter(isEnd)) rows.push(row(report, end, await leftAfter(end)));
  return rows;
}

async function playRequests(report: Report, checks: readonly RequestCheck[]): Promise<Row[]> {
  const fabric = await ReportedFabric.up();
  const kept = new Map<string, string>();
  const send = async ({ send: line, body, keep = {} }: Request) => {
    const answer = await fabric.send(filled(line, kept), body);
    for (const [name, pattern] of Object.entries(keep)) {
      const found = new RegExp(filled(pattern, kept), 'm').exec(answer.bytes.toString())?.[1];
      if (found === undefined) throw new Error(`${report.name}: ${line}: no ${name} in ${answer.bytes}`);
      kept.set(name, found);
    }
    return answer;
  };
  try {
    for (const step of report.before) {
      if ('wait' in step) await fabric.wait(step.wait);
      else {
        const { status, bytes } = await send(step);
        if (status >= 300) throw new Error(`${report.name}: ${step.send}: ${status} ${bytes}`);
      }
    }
    const rows: Row[] = [];
    for (const check of checks) {
      const right = typeof check.right === 'string' ? filled(check.right, kept) : check.right;
      rows.push(row(report, { ...check, right }, show(await send(check), check.show)));
    }
    return rows;
  } finally {
    fabric.down();
  }
}

/** What is left of an `orrery up` when its starter alone has got the signal. */
async function leftAfter({ up, signal }: EndCheck): Promise<string[]> {
  const started = new StartedUp(up);
  let pid: number | undefined;
  try {
    pid = (await started.ready()).pid;
    started.child.kill(signal);
    return await started.leftAfter(pid);
  } finally {
    await started.remove(pid);
  }
}

function row({ name }: Report, { asked, right }: { asked: string; right: unknown }, answer: unknown): Row {
  const ours = ofInterest(answer, right);
  return { report: name, asked, right, ours, ok: isDeepStrictEqual(ours, right) };
}

function filled(text: string, kept: ReadonlyMap<string, string>): string {
  return text.replace(/\{([a-z][a-z-]*)\}/g, (whole, name: string) => kept.get(name) ?? whole);
}
