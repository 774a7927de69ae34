/** Random access to bytes, in memory or in a file, so that a video need not be loaded to change its metadata. */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

export interface Span {
  readonly size: number;
  /** Returns fewer bytes at the end. */
  read(at: number, length: number): Buffer;
  write(at: number, bytes: Buffer): void;
}

export class BufferSpan implements Span {
  constructor(private readonly bytes: Buffer) {}

  get size(): number {
    return this.bytes.length;
  }

  /** Returns a copy, as reading a file does. */
  read(at: number, length: number): Buffer {
    return Buffer.from(this.bytes.subarray(at, at + length));
  }

  write(at: number, bytes: Buffer): void {
    bytes.copy(this.bytes, at);
  }
}

export class FileSpan implements Span, Disposable {
  readonly size: number;
  private readonly descriptor: number;

  constructor(path: string, flags: 'r' | 'r+') {
    this.descriptor = openSync(path, flags);
    this.size = fstatSync(this.descriptor).size;
  }

  read(at: number, length: number): Buffer {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.size - at)));
    return buffer.subarray(0, readSync(this.descriptor, buffer, 0, buffer.length, at));
  }

  write(at: number, bytes: Buffer): void {
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.descriptor, bytes, written, bytes.length - written, at + written);
  }

  [Symbol.dispose](): void {
    closeSync(this.descriptor);
  }
}
