/** Protobuf's wire format: field numbers with raw values. Source: protobuf's encoding specification. */

export class WireError extends Error {
  override readonly name = 'WireError';
  /** Byte offset in the message. */
  readonly offset: number;

  constructor(offset: number, why: string) {
    super(`${why} at byte ${offset}`);
    this.offset = offset;
  }
}

/** A number for varints and fixed-width fields, bytes for the rest. */
export type WireValue = number | Buffer;

const maxVarintBytes = 10;

/** The fields of a message in the order in which they were written. Throws a WireError for bytes that are none. */
export function* wireFields(bytes: Buffer): Generator<readonly [number: number, value: WireValue]> {
  let offset = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let index = 0; index < maxVarintBytes; index++) {
      const byte = bytes[offset];
      if (byte === undefined) throw new WireError(offset, 'the message ends within a number');
      offset += 1;
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw new WireError(offset, 'a number is too long');
  };
  const take = (length: number): Buffer => {
    const end = offset + length;
    if (end > bytes.length) throw new WireError(offset, `the message ends within a field of ${length} bytes`);
    const taken = bytes.subarray(offset, end);
    offset = end;
    return taken;
  };
  const value = (wireType: number): WireValue => {
    if (wireType === 0) return Number(BigInt.asIntN(64, varint()));
    if (wireType === 1) return take(8).readDoubleLE();
    if (wireType === 2) return take(Number(varint()));
    if (wireType === 5) return take(4).readFloatLE();
    throw new WireError(offset, `the wire type ${wireType} is not in use`);
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    yield [Math.floor(tag / 8), value(tag % 8)];
  }
}
