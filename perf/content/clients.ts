/** Who uploads and downloads: a user of the gateway, and the store's own clients. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client as MinioClient } from 'minio';
import { parseBucketAddress } from '../../fabric/content/blobs/s3/address.ts';
import { logBytes } from '../../harness/log-run/own-upload.ts';
import type { ToldGateway } from './gateway.ts';

export interface Client {
  readonly name: string;
  upload(sizeBytes: number): Promise<void>;
  /** Resolves with the number of bytes that came. */
  download(): Promise<number>;
}

export function gatewayClient({ url, project, authorization }: ToldGateway): Client {
  const object = `${url}/fabric/v4/projects/${project}/content/perf/large`;
  return {
    name: 'gateway',
    async upload(sizeBytes) {
      const answer = await fetch(object, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/octet-stream' },
        body: Readable.toWeb(Readable.from(logBytes(sizeBytes))) as ReadableStream,
        duplex: 'half',
      });
      if (!answer.ok) throw new Error(`the upload was answered ${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    },
    async download() {
      const answer = await fetch(object, { headers: { authorization } });
      if (!answer.ok || !answer.body) throw new Error(`the download was answered ${answer.status}`);
      return lengthOf(answer.body);
    },
  };
}

/** A file, which is with the disk when the upload has ended. */
export function folderClient(path: string): Client {
  return {
    name: 'a file',
    upload: (sizeBytes) => pipeline(Readable.from(logBytes(sizeBytes)), createWriteStream(path, { flush: true })),
    download: () => lengthOf(createReadStream(path)),
  };
}

export function bucketClient(place: string): Client {
  const address = parseBucketAddress(place, { accessKey: undefined, secretKey: undefined });
  const { host: endPoint, port, tls: useSSL, accessKey, secretKey, region, bucket, prefix } = address;
  const client = new MinioClient({ endPoint, port, useSSL, accessKey, secretKey, region });
  const name = `${prefix}own-upload`;
  return {
    name: 'minio client',
    async upload(sizeBytes) {
      await client.putObject(bucket, name, Readable.from(logBytes(sizeBytes)), sizeBytes);
    },
    download: async () => lengthOf(await client.getObject(bucket, name)),
  };
}

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}
