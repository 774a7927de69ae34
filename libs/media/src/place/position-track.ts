/** Tracks whose samples are positions: GoPro (`gpmd`), Android (`camm`), Apple's timed locations (`mebx`), subtitles of drones. */
import { boxesIn, boxOf, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';
import { bytesMentionPlace } from './place-names.js';

const MAX_CHUNKS = 1_000_000;
const MAX_SAMPLE_BYTES = 1024 * 1024;
/** A track of words that names no place in its first samples names none. */
const MAX_LOOKED_AT = 200;
const OF_POSITIONS = new Set(['gpmd', 'camm', 'fdsc', 'gps ', 'GPS ']);
const MIXED = new Set(['mebx', 'text', 'tx3g', 'sbtl', 'mett', 'metx']);

export interface Samples {
  at: number;
  length: number;
}

/** undefined: it is no such track. */
export function positionSamples(span: Span, track: Box): Samples[] | undefined {
  const table = boxOf(span, boxOf(span, boxOf(span, track, 'mdia'), 'minf'), 'stbl');
  const description = boxOf(span, table, 'stsd');
  if (!table || !description) return undefined;
  const format = span.read(description.start + 12, 4).toString('latin1');
  if (OF_POSITIONS.has(format)) return samples(span, table);
  if (!MIXED.has(format)) return undefined;
  const said = span.read(description.start, Math.min(description.end - description.start, MAX_SAMPLE_BYTES));
  const found = samples(span, table);
  const mentions =
    bytesMentionPlace(said) ||
    found.slice(0, MAX_LOOKED_AT).some(({ at, length }) => mentionedAt(span, at, length));
  return mentions ? found : undefined;
}

function mentionedAt(span: Span, at: number, length: number): boolean {
  return bytesMentionPlace(span.read(at, Math.min(length, MAX_SAMPLE_BYTES)));
}

/** By the tables of chunks: where each begins, how many samples it has, and of what size they are. */
function samples(span: Span, table: Box): Samples[] {
  const boxes = boxesIn(span, table.start, table.end);
  const load = (type: string) => {
    const box = boxes.find((one) => one.type === type);
    return box ? span.read(box.start, box.end - box.start) : Buffer.alloc(0);
  };
  const [short, long, sizes, runs] = [load('stco'), load('co64'), load('stsz'), load('stsc')];
  const offsets = short.length > 0 ? short : long;
  const width = short.length > 0 ? 4 : 8;
  const chunks = Math.min(u32(offsets, 4), MAX_CHUNKS, Math.floor((offsets.length - 8) / width));
  const found: Samples[] = [];
  for (let chunk = 0, run = 0, sample = 0; chunk < chunks; chunk++) {
    // Entries: the first chunk of the run (from 1), samples of each chunk, description.
    while (u32(runs, 8 + (run + 1) * 12) === chunk + 1 && run + 1 < u32(runs, 4)) run++;
    const count = Math.min(u32(runs, 12 + run * 12), MAX_CHUNKS);
    let length = 0;
    for (let n = 0; n < count; n++, sample++) length += u32(sizes, 4) || u32(sizes, 12 + sample * 4);
    const at = width === 4 ? u32(offsets, 8 + chunk * 4) : Number(u64(offsets, 8 + chunk * 8));
    found.push({ at, length });
  }
  return found;
}

function u32(bytes: Buffer, at: number): number {
  return at + 4 > bytes.length ? 0 : bytes.readUInt32BE(at);
}

function u64(bytes: Buffer, at: number): bigint {
  return at + 8 > bytes.length ? 0n : bytes.readBigUInt64BE(at);
}
