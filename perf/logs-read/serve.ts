/** Managed content as a process of its own, on a folder or a bucket, and what it holds of memory. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openFolderBlobs } from '../../fabric/content/blobs/folder/folder.ts';
import { parseBucketAddress } from '../../fabric/content/blobs/s3/address.ts';
import { openS3Blobs } from '../../fabric/content/blobs/s3/s3.ts';
import { startContent } from '../../fabric/content/server.ts';
import { silentLog } from '../../harness/environments/controlplane/own-world.ts';
import { realWorld } from '../../world/real/world.ts';

export interface ContentProcess {
  readonly url: string;
  /** Resident, MiB. */
  residentMiB(): number;
  stop(): Promise<void>;
}

const pageBytes = 4_096;

/** `place` is a folder or an `s3://` URL with its credentials. */
export function startContentProcess(place: string): Promise<ContentProcess> {
  // As our images have it.
  const child = fork(fileURLToPath(import.meta.url), [place], { execArgv: ['--max-semi-space-size=4'] });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`managed content ended with code ${code}`)));
    child.once('message', (url) => {
      const residentMiB = () => {
        const [, pages = '0'] = readFileSync(`/proc/${child.pid}/statm`, 'utf8').split(' ');
        return (Number(pages) * pageBytes) / 1024 / 1024;
      };
      const stop = () => new Promise<void>((ended) => child.once('exit', () => ended()).kill());
      resolve({ url: String(url), residentMiB, stop });
    });
  });
}

if (process.send) {
  process.on('disconnect', () => process.exit(0));
  const world = realWorld('content', silentLog);
  const place = process.argv[2] ?? '';
  const blobs = place.startsWith('s3://')
    ? await openS3Blobs({ world, address: parseBucketAddress(place, { accessKey: undefined, secretKey: undefined }) })
    : await openFolderBlobs({ world, folder: place });
  const serving = await startContent({ world, address: '127.0.0.1:0', blobs });
  process.on('SIGTERM', () => void serving.stop(0).then(() => process.exit(0)));
  process.send(serving.url);
}
