/**
 * One scenario as a picture: planned starts, Jobs, Pods, reports and faults over time. An SVG without script; each mark
 * tells its facts when pointed at.
 */

import { durationWords } from '../../documents/duration.ts';
import { endOf, type JobHistory, type PodHistory } from '../../recording/recording.ts';
import type { PlannedStart, ScenarioResult } from '../model.ts';
import { lanesOf, type Span } from './lanes.ts';
import { element, instantText, safe } from './markup.ts';

const WIDTH = 1160;
const LABEL_WIDTH = 130;
const ROW_HEIGHT = 14;
const GAP = 8;
const AXIS_HEIGHT = 26;
/** More lanes than this are not told apart by an eye. */
const LANES_MAX = 24;

interface Frame {
  readonly from: number;
  readonly to: number;
}

interface Section {
  readonly label: string;
  readonly height: number;
  draw(top: number): string;
}

export function timeline(result: ScenarioResult): string {
  const { recording } = result;
  const frame = { from: recording.startedAt, to: Math.max(recording.endedAt, recording.startedAt + 1000) };
  const sections = [
    ...plannedSections(result.plannedStarts, frame),
    jobSection(recording.jobs, frame),
    podSection(recording.pods, frame),
    reportSection(result, frame),
  ].filter((section) => section.height > 0);
  let top = AXIS_HEIGHT;
  const drawn: string[] = [];
  for (const section of sections) {
    drawn.push(element('text', { x: 4, y: top + ROW_HEIGHT - 3, class: 'label' }, safe(section.label)));
    drawn.push(section.draw(top));
    top += section.height + GAP;
  }
  const faults = faultBands(result, frame, top);
  const picture = axis(frame, top) + faults + drawn.join('');
  return element(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${top}`, class: 'timeline', role: 'img' },
    element('title', {}, safe(result.title)) + picture,
  );
}

function x(at: number, frame: Frame): number {
  const share = (at - frame.from) / (frame.to - frame.from);
  return LABEL_WIDTH + Math.min(1, Math.max(0, share)) * (WIDTH - LABEL_WIDTH - 8);
}

const STEPS_MS = [
  1000, 5000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 10_800_000, 43_200_000, 86_400_000, 604_800_000,
  2_592_000_000,
];

function axis(frame: Frame, height: number): string {
  const stepMs = STEPS_MS.find((step) => (frame.to - frame.from) / step <= 12) ?? 31_536_000_000;
  const ticks: string[] = [];
  for (let at = Math.ceil(frame.from / stepMs) * stepMs; at <= frame.to; at += stepMs) {
    const place = x(at, frame).toFixed(1);
    ticks.push(element('line', { x1: place, x2: place, y1: AXIS_HEIGHT - 6, y2: height, class: 'grid' }));
    const text = stepMs >= 86_400_000 ? instantText(at).slice(0, 10) : instantText(at).slice(11, 19);
    // A label at the very edge would be cut.
    if (x(at, frame) < WIDTH - 30) ticks.push(element('text', { x: place, y: 12, class: 'tick' }, text));
  }
  return ticks.join('');
}

function plannedSections(starts: readonly PlannedStart[], frame: Frame): Section[] {
  return [...new Set(starts.map((start) => start.task))].map((task) => ({
    label: `planned ${task}`,
    height: ROW_HEIGHT,
    draw: (top) => {
      const own = starts.filter((start) => start.task === task);
      return own.map((start) => plannedMark(start, frame, top)).join('');
    },
  }));
}

function plannedMark(start: PlannedStart, frame: Frame, top: number): string {
  const delay = start.delayMs === undefined ? '' : `, ${durationWords(start.delayMs)} after its time`;
  const title = `${instantText(start.at)} ${start.outcome}: ${start.rule}${start.job ? ` (${start.job}${delay})` : ''}`;
  const place = x(start.at, frame);
  const mark = {
    x: (place - 1.5).toFixed(1),
    y: top,
    width: 3,
    height: ROW_HEIGHT - 2,
    class: `planned ${start.outcome}`,
  };
  return element('rect', mark, element('title', {}, safe(title)));
}

function jobSection(jobs: readonly JobHistory[], frame: Frame): Section {
  const spans = jobs.map((job): Span => ({ from: job.createdAt, to: endOf(job)?.at ?? job.deletedAt ?? frame.to }));
  return barSection('Jobs', spans, (index, lane, top) => {
    const job = jobs[index] as JobHistory;
    const end = endOf(job);
    const outcome =
      end?.outcome?.toLowerCase() ??
      (job.deletionRequestedAt === undefined && job.deletedAt === undefined ? 'active' : 'deleted');
    const title = `${job.name}: ${outcome}${end?.reason ? ` (${end.reason})` : ''}, ${durationWords(width(spans[index]))}`;
    return bar(spans[index] as Span, frame, top + lane * ROW_HEIGHT, `job ${outcome}`, title);
  });
}

function podSection(pods: readonly PodHistory[], frame: Frame): Section {
  const spans = pods.map((pod): Span => ({ from: pod.createdAt, to: pod.finishedAt ?? pod.deletedAt ?? frame.to }));
  return barSection('Pods', spans, (index, lane, top) => {
    const pod = pods[index] as PodHistory;
    const y = top + lane * ROW_HEIGHT;
    const code = pod.exitCode === undefined ? '' : `, exit code ${pod.exitCode}`;
    const title = `${pod.name}: ${pod.phase}${code}, ${pod.restarts} restarts`;
    const waiting = bar(spans[index] as Span, frame, y, 'pod waiting', title);
    if (pod.runningAt === undefined) return waiting;
    return (
      waiting +
      bar({ from: pod.runningAt, to: (spans[index] as Span).to }, frame, y, `pod ${pod.phase.toLowerCase()}`, title)
    );
  });
}

function barSection(
  label: string,
  spans: readonly Span[],
  draw: (index: number, lane: number, top: number) => string,
): Section {
  const lanes = lanesOf(spans);
  const count = Math.min(LANES_MAX, Math.max(0, ...lanes.map((lane) => lane + 1)));
  return {
    label: count === LANES_MAX ? `${label} (part)` : label,
    height: count * ROW_HEIGHT,
    draw: (top) =>
      spans.map((_, index) => ((lanes[index] ?? 0) < count ? draw(index, lanes[index] ?? 0, top) : '')).join(''),
  };
}

function bar(span: Span, frame: Frame, y: number, style: string, title: string): string {
  const left = x(span.from, frame);
  const size = Math.max(1.5, x(span.to, frame) - left);
  const attributes = { x: left.toFixed(1), y, width: size.toFixed(1), height: ROW_HEIGHT - 3, rx: 2, class: style };
  return element('rect', attributes, element('title', {}, safe(`${instantText(span.from)} ${title}`)));
}

const STATE_ROWS = ['QUEUED', 'ACTIVE', 'COMPLETE', 'FAILED', 'CANCELLED'];

/** Reports by state: a row for each state that was reported. */
function reportSection(result: ScenarioResult, frame: Frame): Section {
  const { reports } = result.recording;
  const rows = STATE_ROWS.filter((state) => reports.some((report) => report.state === state));
  return {
    label: 'reports',
    height: rows.length * ROW_HEIGHT,
    draw: (top) => {
      const names = rows.map((state, row) =>
        element('text', { x: LABEL_WIDTH - 6, y: top + row * ROW_HEIGHT + 10, class: 'row' }, state),
      );
      const marks = reports.map((report) => {
        const row = rows.indexOf(report.state);
        if (row === -1) return '';
        const title = `${instantText(report.at)} ${report.name}: ${report.state}${report.accepted ? '' : ' (not taken: later state known)'}`;
        const place = { cx: x(report.at, frame).toFixed(1), cy: top + row * ROW_HEIGHT + 6, r: 3 };
        const style = `report ${report.state.toLowerCase()}${report.accepted ? '' : ' stale'}`;
        return element('circle', { ...place, class: style }, element('title', {}, safe(title)));
      });
      return names.join('') + marks.join('');
    },
  };
}

function faultBands(result: ScenarioResult, frame: Frame, height: number): string {
  return result.recording.faults
    .map((fault) => {
      const left = x(fault.from, frame);
      const size = Math.max(2, x(fault.to ?? frame.to, frame) - left);
      const attributes = {
        x: left.toFixed(1),
        y: AXIS_HEIGHT - 6,
        width: size.toFixed(1),
        height: height - AXIS_HEIGHT + 6,
        class: 'fault',
      };
      const caption = element(
        'text',
        { x: (left + 3).toFixed(1), y: AXIS_HEIGHT - 8, class: 'fault-label' },
        safe(fault.description),
      );
      return element('rect', attributes, element('title', {}, safe(fault.description))) + caption;
    })
    .join('');
}

function width(span: Span | undefined): number {
  return span ? span.to - span.from : 0;
}
