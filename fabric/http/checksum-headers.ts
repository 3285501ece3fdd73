/**
 * Headers by which clients name checksums of what they send. The gateway passes them on, managed content holds uploads
 * to them.
 */
export const checksumHeaders: readonly string[] = [
  'content-md5',
  'content-digest',
  'repr-digest',
  ...['sha256', 'sha1', 'crc32', 'crc32c', 'crc64nvme', 'md5', 'sha512'].map((name) => `x-amz-checksum-${name}`),
];
