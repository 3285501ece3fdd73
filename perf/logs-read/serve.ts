/** Managed content as a process of its own, on a folder or a bucket, and what it holds of memory. */
import { fileURLToPath } from 'node:url';
import { openFolderBlobs } from '../../fabric/content/blobs/folder/folder.ts';
import { parseBucketAddress } from '../../fabric/content/blobs/s3/address.ts';
import { openS3Blobs } from '../../fabric/content/blobs/s3/s3.ts';
import { startContent } from '../../fabric/content/server.ts';
import { silentLog } from '../../harness/environments/controlplane/own-world.ts';
import { realWorld } from '../../world/real/world.ts';
import { type ServiceProcess, startServiceProcess } from '../service-process.ts';

export interface ContentProcess extends ServiceProcess<string> {
  readonly url: string;
}

/** `place` is a folder or an `s3://` URL with its credentials. */
export async function startContentProcess(place: string): Promise<ContentProcess> {
  const started = await startServiceProcess<string>(fileURLToPath(import.meta.url), [place]);
  return { ...started, url: started.told };
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
