/** Finds the samples of a track (ISO 14496-12, 8.6 and 8.7). The tables are read completely or not at all. */
import { HubError } from '#protocol';
import { boxesIn, boxOf, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';

const MAX_CHUNKS = 1_000_000;
const MAX_SAMPLES = 10_000_000;
const MAX_TABLE_BYTES = 64 * 1024 * 1024;

export interface Samples {
  at: number;
  length: number;
}

/** @throws HubError 106 when the track has no sample table */
export function sampleTable(span: Span, track: Box): Box {
  const table = boxOf(span, boxOf(span, boxOf(span, track, 'mdia'), 'minf'), 'stbl');
  if (!table) throw new HubError('106', 'a track has no table of samples');
  return table;
}

/**
 * The chunks in file order: position, number of samples, and their sizes.
 * @throws HubError 106 when its tables contradict one another, or name bytes outside of the file
 */
export function samplesIn(span: Span, table: Box): Samples[] {
  const boxes = boxesIn(span, table.start, table.end);
  const load = (type: string) => {
    const box = boxes.find((one) => one.type === type);
    if (box && box.end - box.start > MAX_TABLE_BYTES) throw contradictory();
    return box && span.read(box.start, box.end - box.start);
  };
  const [short, long, sizes, runs] = [load('stco'), load('co64'), load('stsz'), load('stsc')];
  const offsets = short ?? long;
  if (!offsets || !sizes || !runs) throw contradictory();
  const width = short ? 4 : 8;
  const chunks = countOf(offsets, 4, 8, width);
  const [same, count] = [u32(sizes, 4), countOfSamples(sizes)];
  const entries = countOf(runs, 4, 8, 12);
  if (chunks > MAX_CHUNKS || count > MAX_SAMPLES) throw contradictory();
  const found: Samples[] = [];
  let sample = 0;
  for (let chunk = 0, run = 0; chunk < chunks; chunk++) {
    // Entries: the first chunk of the run (from 1), samples of each chunk, description.
    while (run + 1 < entries && u32(runs, 8 + (run + 1) * 12) === chunk + 1) run++;
    const inChunk = entries === 0 ? 0 : u32(runs, 12 + run * 12);
    if (sample + inChunk > count) throw contradictory();
    let length = 0;
    for (let n = 0; n < inChunk; n++, sample++) length += same === 0 ? u32(sizes, 12 + sample * 4) : same;
    const at = width === 4 ? u32(offsets, 8 + chunk * 4) : Number(offsets.readBigUInt64BE(8 + chunk * 8));
    if (at + length > span.size) throw contradictory();
    found.push({ at, length });
  }
  if (sample !== count) throw contradictory();
  return found;
}

/** Sample sizes: one for all, or one for each. */
function countOfSamples(sizes: Buffer): number {
  return u32(sizes, 4) === 0 ? countOf(sizes, 8, 12, 4) : u32(sizes, 8);
}

/** The entry count of a table, if it matches the size of the table. */
function countOf(bytes: Buffer, at: number, head: number, width: number): number {
  const count = u32(bytes, at);
  if (bytes.length !== head + count * width) throw contradictory();
  return count;
}

function u32(bytes: Buffer, at: number): number {
  if (at + 4 > bytes.length) throw contradictory();
  return bytes.readUInt32BE(at);
}

function contradictory(): HubError {
  return new HubError('106', 'the tables of its samples contradict one another');
}
