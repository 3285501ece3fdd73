/**
 * A watch as bytes on a TLS connection. No HTTP client reads it: to take an answer apart costs the load generator as
 * much as the event costs its server, and both share the machine.
 */
import { connect } from 'node:tls';
import { headersOf, type Target } from './target.ts';

const newline = 10;
const brace = 125;

export interface EventStream {
  close(): void;
}

/** What comes of a watch. */
export interface EventReader {
  /** More bytes, with so many ends of events in them. */
  read(bytes: Buffer, events: number): void;
  /** The server has ended it. */
  ended(): void;
}

/** Resolves when the server has begun to answer; fails when that is no 200. */
export function openStream(target: Target, path: string, reader: EventReader): Promise<EventStream> {
  const { hostname, port, host } = new URL(target.url);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  // The end of the answer is then the end of the connection.
  const fields = { host, connection: 'close', ...headersOf(target) };
  const headers = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('secureConnect', () => socket.write(`GET ${path} HTTP/1.1\r\n${headers.join('')}\r\n`));
  let isClosed = false;
  let last = 0;
  const close = () => {
    isClosed = true;
    socket.destroy();
  };
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (head: Buffer) => {
      if (!head.subarray(0, 12).equals(ok)) return reject(new Error(`${path}: ${head.toString('latin1', 0, 500)}`));
      resolve({ close });
    });
    socket.on('data', (bytes: Buffer) => {
      reader.read(bytes, eventEnds(bytes, last));
      last = bytes[bytes.length - 1] ?? last;
    });
    socket.once('close', () => {
      if (!isClosed) reader.ended();
    });
  });
}

const ok = Buffer.from('HTTP/1.1 200');

/** Lines that end an object; those of HTTP itself end with a carriage return before. */
function eventEnds(bytes: Buffer, before: number): number {
  let count = 0;
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, end + 1)) {
    if ((end === 0 ? before : bytes[end - 1]) === brace) count++;
  }
  return count;
}
