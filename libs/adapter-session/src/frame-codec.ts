/** How a protocol writes its frames: one codec per protocol, passed to the session that speaks it. */
import { HubError } from '#protocol';

/** What the first of the pending bytes are. */
export type Decoded<Frame> =
  /** A whole frame of `bytes` bytes. */
  | { kind: 'frame'; frame: Frame; bytes: number }
  /** Bytes between two frames that mean nothing, such as empty lines. */
  | { kind: 'filler'; bytes: number }
  /** The beginning of a frame. The codec is asked again when `needs` bytes are pending, and not before. */
  | { kind: 'incomplete'; needs: number };

export interface FrameCodec<Frame> {
  /** The largest frame in bytes. A peer that sends a larger one loses its connection. */
  readonly maxFrameBytes: number;
  encode(frame: Frame): Buffer;
  /**
   * Reads the frame at the beginning of `pending`, which is never empty.
   * @throws HubError 30 when the bytes are no frame of this protocol; the connection is closed
   */
  decode(pending: Buffer): Decoded<Frame>;
}

const LENGTH_BYTES = 4;

/**
 * The frames of SMPP, CMPP, SGIP and SMGP: a length of four bytes, big-endian, which counts itself, then the rest.
 * @param minFrameBytes the size of the header, length included
 */
export function lengthPrefixed<Frame>({
  minFrameBytes,
  maxFrameBytes,
  encode,
  read,
}: {
  minFrameBytes: number;
  maxFrameBytes: number;
  encode: (frame: Frame) => Buffer;
  /** @param bytes one whole frame, length included */
  read: (bytes: Buffer) => Frame;
}): FrameCodec<Frame> {
  return {
    maxFrameBytes,
    encode,
    decode(pending) {
      if (pending.length < LENGTH_BYTES) return { kind: 'incomplete', needs: LENGTH_BYTES };
      const bytes = pending.readUInt32BE(0);
      if (bytes < minFrameBytes || bytes > maxFrameBytes)
        throw new HubError(
          '30',
          `a frame of ${bytes} bytes; allowed are ${minFrameBytes} to ${maxFrameBytes}`,
        );
      if (pending.length < bytes) return { kind: 'incomplete', needs: bytes };
      return { kind: 'frame', frame: read(pending.subarray(0, bytes)), bytes };
    },
  };
}
