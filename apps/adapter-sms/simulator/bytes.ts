/** Fields of carriers' packets: integers are big-endian, texts end with NUL or are filled with it. */

/** A packet that cannot be read. */
export class Malformed extends Error {}

export class Reader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new Malformed(`${length} bytes are announced, ${this.left} are left`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16BE();
  }

  u32(): number {
    return this.take(4).readUInt32BE();
  }

  /** A field of fixed length, without what fills it. */
  text(length: number): string {
    const field = this.take(length);
    const end = field.indexOf(0);
    return field.toString('latin1', 0, end < 0 ? length : end).trimEnd();
  }

  /** A text that ends with NUL. @param most bytes of it, with the NUL */
  string(most: number): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end < 0 || end - this.at >= most) throw new Malformed(`no end of a text within ${most} bytes`);
    const field = this.take(end - this.at + 1);
    return field.toString('latin1', 0, field.length - 1);
  }
}

export class Writer {
  private readonly parts: Buffer[] = [];

  u8(...values: number[]): this {
    return this.bytes(Buffer.from(values));
  }

  u16(value: number): this {
    const field = Buffer.alloc(2);
    field.writeUInt16BE(value);
    return this.bytes(field);
  }

  u32(...values: number[]): this {
    const field = Buffer.alloc(4 * values.length);
    for (const [at, value] of values.entries()) field.writeUInt32BE(value >>> 0, 4 * at);
    return this.bytes(field);
  }

  /** A field of fixed length, filled with NUL. */
  text(value: string, length: number): this {
    const field = Buffer.alloc(length);
    field.write(value, 'latin1');
    return this.bytes(field);
  }

  /** A text that ends with NUL. */
  string(value: string): this {
    return this.bytes(Buffer.from(`${value}\0`, 'latin1'));
  }

  zeros(length: number): this {
    return this.bytes(Buffer.alloc(length));
  }

  bytes(value: Buffer): this {
    this.parts.push(value);
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.parts);
  }
}
