/**
 * The control API of a live run, for tests in any language:
 *
 * - `GET /clock` -> `{now, iso, speed, behind}`; `behind` is the virtual time, ms, that the machine owes at this speed
 * - `POST /clock` `{"advance": "1h", "force"?: true}` or `{"speed": 60}`: answered when it is done, with the clock. Advances come one after
 *   another; one whose client hangs up ends there. A speed is above 0 and at most 1,000,000 (then it is as fast as it can be)
 * - `GET /faults`, `POST /faults` (a fault of the network or of the Kubernetes API, or `{"kind": "kill", "service": "gateway"}`;
 *   docs/faults.md has them all), `DELETE /faults/ID` heals
 * - `GET /trace` -> the events so far, one JSON document a line; of a long run the newest
 * - `POST /stop` -> `{"success": true}`: ends the run as Ctrl-C does
 *
 * Errors are `{"success": false, "message", "code"}`.
 */
import { isApiFault } from '../../simulator/apiserver/faults/fault.ts';
import { nestedDeeper } from '../../world/nesting.ts';
import type { HttpHandler, HttpRequest, HttpResponse } from '../../world/network.ts';
import { BodyTooLargeError } from '../../world/network.ts';
import { isSpeed, type Pacing, SPEED_MAXIMUM } from '../../world/simulated/pacing.ts';
import type { Simulation } from '../../world/simulated/simulation.ts';
import { DocumentError, Fields } from '../documents/fields.ts';
import { parseFault, type WantedFault } from '../faults/faults.ts';
import { DurationError, durationMs } from '../scenario/duration.ts';
import type { FaultDesk, OpenFault } from './fault-desk.ts';
import type { RunningPrograms } from './running-programs.ts';
import type { TraceSpool } from './trace-spool.ts';

export interface ControlOptions {
  readonly simulation: Simulation;
  readonly pacing: Pacing;
  readonly faults: FaultDesk;
  readonly programs: RunningPrograms;
  readonly spool: TraceSpool;
  /** Ends the run; the answer is on its way first. */
  stop(): void;
}

const BODY_BYTES_MAX = 65_536;
const LATEST = Date.UTC(9999, 11, 31);
const BODY_LEVELS_MAX = 20;

/** A refusal with its status. */
class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function controlHandler(options: ControlOptions): HttpHandler {
  return async (request, response) => {
    try {
      await route(options, request, response);
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || response.headWritten) throw error;
      sendJson(response, code, {
        success: false,
        message: error instanceof Error ? error.message : String(error),
        code,
      });
    }
  };
}

function codeOf(error: unknown): number | undefined {
  if (error instanceof ControlError) return error.code;
  if (error instanceof DurationError || error instanceof DocumentError) return 400;
  if (error instanceof BodyTooLargeError) return 413;
  return undefined;
}

async function route(options: ControlOptions, request: HttpRequest, response: HttpResponse): Promise<void> {
  const path = request.url.replace(/\?.*$/, '');
  const { method } = request;
  if (path === '/clock' && method === 'GET') return sendJson(response, 200, clockOf(options));
  if (path === '/clock' && method === 'POST') return changeClock(options, request, response);
  if (path === '/faults' && method === 'GET') return sendJson(response, 200, { faults: options.faults.list() });
  if (path === '/faults' && method === 'POST') return injectFault(options, request, response);
  const fault = /^\/faults\/(\d+)$/.exec(path)?.[1];
  if (fault !== undefined && method === 'DELETE') {
    if (!(await options.faults.heal(Number(fault)))) throw new ControlError(404, `there is no fault ${fault}`);
    return sendJson(response, 200, { success: true });
  }
  if (path === '/trace' && method === 'GET') return sendTrace(options.spool, response);
  if (path === '/stop' && method === 'POST') {
    sendJson(response, 200, { success: true });
    return options.stop();
  }
  throw new ControlError(404, `no route ${method} ${path}: there are /clock, /faults, /faults/ID, /trace and /stop`);
}

function clockOf({ simulation, pacing }: ControlOptions): object {
  const { speed, behind } = pacing;
  return { now: simulation.now(), iso: new Date(simulation.now()).toISOString(), speed, behind };
}

async function changeClock(options: ControlOptions, request: HttpRequest, response: HttpResponse): Promise<void> {
  const wish = await readJson(request);
  const { advance, speed } = wish;
  const fields = new Fields(wish, 'the clock');
  fields.optionalText('advance');
  fields.has('speed');
  const force = fields.optionalTrue('force');
  fields.end();
  if ((advance === undefined) === (speed === undefined)) {
    throw new ControlError(400, 'say either {"advance": "1h"} or {"speed": 60}');
  }
  if (speed !== undefined && !isSpeed(speed)) {
    throw new ControlError(
      400,
      `speed must be a number above 0, at most ${SPEED_MAXIMUM}, not ${JSON.stringify(speed)}`,
    );
  }
  const advanceMs = advance === undefined ? undefined : advanceOf(advance, options.simulation.now());
  const running = options.programs.list();
  if (running.length > 0 && !force && speed !== 1) {
    throw new ControlError(
      409,
      `a real program is running in real time: ${running.join('; ')}. Wait for its end, or add "force": true`,
    );
  }
  if (isSpeed(speed)) options.pacing.setSpeed(speed);
  if (advanceMs !== undefined) {
    await options.programs.daemonsStarted();
    await options.pacing.advance(advanceMs, request.signal);
  }
  sendJson(response, 200, clockOf(options));
}

/** Timestamps of Kubernetes end with the year 9999. */
function advanceOf(advance: unknown, now: number): number {
  if (typeof advance !== 'string') throw new DurationError(JSON.stringify(advance));
  const duration = durationMs(advance);
  if (now + duration > LATEST) throw new ControlError(400, `advance ${advance} goes beyond the year 9999`);
  return duration;
}

async function injectFault(options: ControlOptions, request: HttpRequest, response: HttpResponse): Promise<void> {
  const fault = parseFault(await readJson(request));
  sendJson(response, 200, openFault(options.faults, fault));
}

function openFault(desk: FaultDesk, fault: WantedFault): OpenFault {
  if (fault.kind === 'kill') return desk.kill(fault.service);
  return isApiFault(fault) ? desk.injectApi(fault) : desk.injectNetwork(fault);
}

async function sendTrace(spool: TraceSpool, response: HttpResponse): Promise<void> {
  response.head(200, { 'content-type': 'application/x-ndjson' });
  for (const piece of spool.read()) {
    if (!response.write(piece)) await response.drained();
  }
  response.end();
}

async function readJson(request: HttpRequest): Promise<Record<string, unknown>> {
  const text = (await request.bytes(BODY_BYTES_MAX)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (nestedDeeper(value, BODY_LEVELS_MAX) !== undefined) throw new SyntaxError('nested too deep');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Answered below.
  }
  throw new ControlError(400, `the body must be a JSON object, not ${JSON.stringify(text.slice(0, 100))}`);
}

function sendJson(response: HttpResponse, status: number, body: object): void {
  response.head(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
