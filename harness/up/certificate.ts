/** A certificate for this run's API server: kubectl sends no credentials over plain http. */
import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM. The certificate is its own authority. */
  readonly cert: string;
  readonly key: string;
}

const DAYS_VALID = 365;

/** Valid for the machine's own addresses, from yesterday on (clocks differ). */
export async function makeCertificate(now: number): Promise<Certificate> {
  const dayMs = 86_400_000;
  const pems = await generate([{ name: 'commonName', value: 'orrery' }], {
    keyType: 'ec',
    notBeforeDate: new Date(now - dayMs),
    notAfterDate: new Date(now + DAYS_VALID * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'kubernetes' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: pems.cert, key: pems.private };
}
