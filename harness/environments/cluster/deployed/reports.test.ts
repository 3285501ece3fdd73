import { expect, test } from 'vitest';
import { lineLog } from '../../../../world/real/log.ts';
import { reportMessage } from '../../sim/reports.ts';
import { reportsIn } from './reports.ts';

test('the reports are read from the gateway’s log, and nothing else is', () => {
  let text = 'a line of somebody else\n';
  const log = lineLog('gateway', 'info', (line) => {
    text += line;
  });
  log.info('listens', { url: 'http://gateway' });
  log.info(reportMessage, { uid: 'u', name: 'n', state: 'RUNNING', accepted: true, created: true });
  log.info(reportMessage, { uid: 'u', name: 'n', state: 'SUBMITTED', accepted: false, created: false });
  text += '{"message":"task rep';
  expect(reportsIn(text)).toEqual([
    { at: expect.any(Number), uid: 'u', name: 'n', state: 'RUNNING', accepted: true, created: true },
    { at: expect.any(Number), uid: 'u', name: 'n', state: 'SUBMITTED', accepted: false, created: false },
  ]);
  expect(reportsIn(text)[0]?.at).toBeGreaterThan(0);
});
