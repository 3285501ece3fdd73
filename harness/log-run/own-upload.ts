/** What the log's way through Fabric is compared with: the same bytes, sent to the same store by its own client. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseBucketAddress } from '../../fabric/content/blobs/s3/address.ts';
import { LogLines, lineBytes } from '../../fixtures/actor/log-lines.ts';

/** The actor's bytes, as they come from `log SIZE`. */
export function* logBytes(sizeBytes: number): Generator<Buffer> {
  const lines = new LogLines();
  let left = sizeBytes;
  while (left >= lineBytes) {
    // Copied: the block is used again while the store still has it.
    const block = Buffer.from(lines.take(Math.floor(left / lineBytes)));
    left -= block.length;
    yield block;
  }
  if (left > 0) yield lines.takeCut(left);
}

/** Milliseconds that the upload took. `blobs` is a folder or an `s3://` URL. */
export async function ownUploadMs(blobs: string, sizeBytes: number): Promise<number> {
  const source = Readable.from(logBytes(sizeBytes));
  const begin = performance.now();
  if (blobs.startsWith('s3://')) await uploadToBucket(blobs, source, sizeBytes);
  else await pipeline(source, createWriteStream(join(blobs, 'own-upload')));
  return performance.now() - begin;
}

async function uploadToBucket(url: string, source: Readable, sizeBytes: number): Promise<void> {
  const { FABRIC_S3_ACCESS_KEY: key, FABRIC_S3_SECRET_KEY: secret } = process.env;
  const address = parseBucketAddress(url, { accessKey: key, secretKey: secret });
  const { Client } = await import('minio');
  const { host: endPoint, port, tls: useSSL, accessKey, secretKey, region, bucket, prefix } = address;
  const client = new Client({ endPoint, port, useSSL, accessKey, secretKey, region });
  await client.putObject(bucket, `${prefix}own-upload`, source, sizeBytes);
  await client.removeObject(bucket, `${prefix}own-upload`);
}
