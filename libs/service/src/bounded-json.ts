/**
 * JSON from outside, parsed without blocking the event loop: depth and number of values are counted in one linear scan
 * before anything is built, and a large document is parsed member by member with the event loop running in between.
 */
import { setImmediate as turn } from 'node:timers/promises';

export interface JsonBounds {
  depth: number;
  /** Values and names of members, counted by the commas, colons and brackets around them. */
  values: number;
}

export class JsonRefused extends Error {
  override readonly name = 'JsonRefused';
}

/** Bytes that are scanned or parsed in one turn of the event loop. */
const PIECE = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** @throws JsonRefused for what is not JSON, too deep, or has too many values */
export async function readJson(bytes: Buffer, bounds: JsonBounds): Promise<unknown> {
  const scan = new Scan(bounds);
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (at > 0) await turn();
    scan.read(bytes.subarray(at, at + PIECE));
  }
  scan.end();
  return parseRange(bytes);
}

/** Maximum number of bytes that are parsed at once. */
const MAX_AT_ONCE = 1024 * 1024;

/** Parses a short document in one turn of the event loop. @throws JsonRefused */
export function readSmallJson(bytes: Buffer, bounds: JsonBounds): unknown {
  if (bytes.length > MAX_AT_ONCE) throw new JsonRefused('too long');
  const scan = new Scan(bounds);
  scan.read(bytes);
  scan.end();
  return parse(bytes);
}

class Scan {
  private inString = false;
  private escaped = false;
  private depth = 0;
  private values = 1;

  constructor(private readonly bounds: JsonBounds) {}

  /** @throws JsonRefused */
  read(bytes: Buffer): void {
    let { inString, escaped, depth, values } = this;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
        values++;
        if (++depth > this.bounds.depth) throw new JsonRefused('too deep');
      } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
      else if (byte === COMMA || byte === COLON) values++;
      if (values > this.bounds.values) throw new JsonRefused('too many values');
    }
    Object.assign(this, { inString, escaped, depth, values });
  }

  /** @throws JsonRefused */
  end(): void {
    if (this.inString || this.depth !== 0) throw new JsonRefused('not JSON');
  }
}

/** Splits a document that is larger than a piece into its members. The scan before has limited the depth. */
async function parseRange(bytes: Buffer): Promise<unknown> {
  if (bytes.length <= PIECE) return parse(bytes);
  const trimmed = trim(bytes);
  const open = trimmed[0];
  if (open !== OPEN_ARRAY && open !== OPEN_OBJECT) return parse(trimmed);
  if (trimmed.at(-1) !== (open === OPEN_ARRAY ? CLOSE_ARRAY : CLOSE_OBJECT))
    throw new JsonRefused('not JSON');
  const members = await split(trimmed.subarray(1, -1), COMMA);
  return open === OPEN_ARRAY ? parseArray(members) : parseObject(members);
}

/** Neighbouring members that are small together are parsed in one piece. */
async function parseArray(members: Buffer[]): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const group of grouped(members))
    if (group.length === 1) values.push(await parseRange(group[0] ?? EMPTY));
    else for (const value of parse(wrapped('[', group, ']')) as unknown[]) values.push(value);
  return values;
}

async function parseObject(members: Buffer[]): Promise<Record<string, unknown>> {
  const object: Record<string, unknown> = {};
  for await (const group of grouped(members)) {
    const part = group.length === 1 ? await member(group[0] ?? EMPTY) : parse(wrapped('{', group, '}'));
    for (const [name, value] of Object.entries(part as Record<string, unknown>))
      Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return object;
}

async function member(bytes: Buffer): Promise<Record<string, unknown>> {
  if (bytes.length <= PIECE) return parse(wrapped('{', [bytes], '}')) as Record<string, unknown>;
  const [name = EMPTY, ...rest] = await split(bytes, COLON);
  if (rest.length !== 1) throw new JsonRefused('not JSON');
  const key = parse(name);
  if (typeof key !== 'string') throw new JsonRefused('not JSON');
  const object: Record<string, unknown> = {};
  const value = await parseRange(rest[0] ?? EMPTY);
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  return object;
}

const utf8 = new TextDecoder('utf-8');
const EMPTY = Buffer.alloc(0);

async function* grouped(members: Buffer[]): AsyncGenerator<Buffer[]> {
  let group: Buffer[] = [];
  let size = 0;
  for (const bytes of members) {
    if (group.length > 0 && size + bytes.length > PIECE) {
      yield group;
      await turn();
      group = [];
      size = 0;
    }
    group.push(bytes);
    size += bytes.length;
  }
  if (group.length > 0) yield group;
}

/** The parts between separators that lie in no string, array or object. */
async function split(bytes: Buffer, separator: number): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  let [from, depth, inString, escaped] = [0, 0, false, false];
  for (let at = 0; at < bytes.length; at++) {
    if (at > 0 && at % PIECE === 0) await turn();
    const byte = bytes[at];
    if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) depth++;
    else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    else if (byte === separator && depth === 0) {
      parts.push(bytes.subarray(from, at));
      from = at + 1;
    }
  }
  const last = bytes.subarray(from);
  if (parts.length > 0 || trim(last).length > 0) parts.push(last);
  return parts;
}

function wrapped(open: string, members: Buffer[], close: string): Buffer {
  const comma = Buffer.from(',');
  const between = members.flatMap((bytes, at) => (at === 0 ? [bytes] : [comma, bytes]));
  return Buffer.concat([Buffer.from(open), ...between, Buffer.from(close)]);
}

function trim(bytes: Buffer): Buffer {
  let [from, to] = [0, bytes.length];
  while (from < to && isSpace(bytes[from])) from++;
  while (to > from && isSpace(bytes[to - 1])) to--;
  return bytes.subarray(from, to);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (cause) {
    throw new JsonRefused('not JSON', { cause });
  }
}
