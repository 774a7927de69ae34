/**
 * Fields of binary frames: how each is read from bytes and written to them, big-endian, within bounds. A layout is written
 * once as a record of fields, and both directions follow from it.
 */
import { HubError } from '#protocol';

/** A place in bytes of known length. @throws HubError 30 when a field begins or ends outside them */
export class FieldReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Buffer {
    if (length > this.left) throw new HubError('30', `a field of ${length} bytes, ${this.left} are left`);
    const taken = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return taken;
  }
}

export interface Field<Value> {
  /** @throws HubError 30 when the bytes are no such field */
  read(from: FieldReader): Value;
  /** @throws HubError 30 when the field has no room for the value */
  write(value: Value): Buffer;
}

/** Reads a whole layout. @throws HubError 30 when bytes are missing or left over */
export function readFields<Value>(layout: Field<Value>, bytes: Buffer): Value {
  const reader = new FieldReader(bytes);
  const value = layout.read(reader);
  if (reader.left > 0) throw new HubError('30', `${reader.left} bytes behind the last field`);
  return value;
}

/** A whole number of 1, 2 or 4 bytes, without sign. */
function unsigned(length: 1 | 2 | 4): Field<number> {
  return {
    read: (from) => from.take(length).readUIntBE(0, length),
    write(value) {
      if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * length))
        throw new HubError('30', `${value} is no number of ${length} bytes`);
      const bytes = Buffer.alloc(length);
      bytes.writeUIntBE(value, 0, length);
      return bytes;
    },
  };
}

export const uint8 = unsigned(1);
export const uint16 = unsigned(2);
export const uint32 = unsigned(4);

/** Exactly `length` bytes. */
export function octets(length: number): Field<Buffer> {
  return {
    read: (from) => from.take(length),
    write(value) {
      if (value.length !== length) throw new HubError('30', `${value.length} bytes instead of ${length}`);
      return value;
    },
  };
}

/** Exactly `length` bytes, as hexadecimal digits: identifiers, which are too wide for a number. */
export function hexDigits(length: number): Field<string> {
  const bytes = octets(length);
  return {
    read: (from) => bytes.read(from).toString('hex'),
    write: (value) => bytes.write(Buffer.from(value, 'hex')),
  };
}

/** Text of one byte for each character, filled with NUL up to `length`. What follows a NUL is not read. */
export function paddedText(length: number): Field<string> {
  return {
    read(from) {
      const bytes = from.take(length);
      const end = bytes.indexOf(0);
      return bytes.toString('latin1', 0, end === -1 ? length : end);
    },
    write(value) {
      // The text may have come from a person: it is no part of the error.
      if (value.length > length)
        throw new HubError('30', `a text of ${value.length} characters, ${length} have room`);
      const bytes = Buffer.alloc(length);
      bytes.write(value, 'latin1');
      return bytes;
    },
  };
}

/** A number of bytes, then those. */
export function sized(size: Field<number>): Field<Buffer> {
  return {
    read: (from) => from.take(size.read(from)),
    write: (value) => Buffer.concat([size.write(value.length), value]),
  };
}

/** A number of values in one byte, then those. */
export function counted<Value>(field: Field<Value>): Field<Value[]> {
  return {
    read: (from) => Array.from({ length: uint8.read(from) }, () => field.read(from)),
    write: (values) => Buffer.concat([uint8.write(values.length), ...values.map((one) => field.write(one))]),
  };
}

/** A field that this version of the protocol does not have. Read as `value`. */
export function absent<Value>(value: Value): Field<Value> {
  return { read: () => value, write: () => Buffer.alloc(0) };
}

/** Fields one after the other, in the order in which they are written here. */
export function record<Value extends object>(fields: {
  [Name in keyof Value]: Field<Value[Name]>;
}): Field<Value> {
  const names = Object.keys(fields) as (keyof Value)[];
  return {
    read: (from) => Object.fromEntries(names.map((name) => [name, fields[name].read(from)])) as Value,
    write: (value) => Buffer.concat(names.map((name) => fields[name].write(value[name]))),
  };
}

/** A frame without body. */
export const nothing: Field<Record<string, never>> = { read: () => ({}), write: () => Buffer.alloc(0) };
