/** Cuts the bytes of one connection into frames, however the network cut them into chunks. */
import { HubError } from '#protocol';
import type { FrameCodec } from './frame-codec.js';

export class FrameReader<Frame> {
  private chunks: Buffer[] = [];
  /** Bytes that are no whole frame yet. */
  pendingBytes = 0;
  /** The size of the frame that was yielded last. */
  frameBytes = 0;
  /** Fewer pending bytes than this cannot be a frame. Chunks are joined once per frame and not once per chunk. */
  private needs = 1;

  constructor(private readonly codec: FrameCodec<Frame>) {}

  /**
   * Yields the frames that end in this chunk, one after the other.
   * @throws HubError 30 when the bytes are no frame, or one that is too large; the connection is of no further use
   */
  *read(chunk: Buffer): Generator<Frame> {
    this.chunks.push(chunk);
    this.pendingBytes += chunk.length;
    while (this.pendingBytes >= this.needs) {
      const pending = this.joined();
      const decoded = this.codec.decode(pending);
      if (decoded.kind === 'incomplete') {
        this.waitFor(decoded.needs, pending.length);
        return;
      }
      const rest = pending.subarray(decoded.bytes);
      this.chunks = rest.length === 0 ? [] : [rest];
      this.pendingBytes = rest.length;
      this.needs = 1;
      if (decoded.kind === 'filler') continue;
      this.frameBytes = decoded.bytes;
      yield decoded.frame;
    }
  }

  private joined(): Buffer {
    const [first] = this.chunks;
    if (first && this.chunks.length === 1) return first;
    const pending = Buffer.concat(this.chunks);
    this.chunks = [pending];
    return pending;
  }

  private waitFor(needs: number, pending: number): void {
    if (needs > this.codec.maxFrameBytes)
      throw new HubError('30', `a frame of more than ${this.codec.maxFrameBytes} bytes`);
    this.needs = Math.max(needs, pending + 1);
  }
}
