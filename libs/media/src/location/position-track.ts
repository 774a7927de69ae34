/** Tracks whose samples are positions: GoPro (`gpmd`), Android (`camm`), DJI (`djmd`), Apple's timed locations (`mebx`), subtitles of drones. */
import { HubError } from '#protocol';
import { boxOf, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';
import { bytesMentionPlace } from './location-names.js';
import { samplesIn, sampleTable, type Samples } from './sample-tables.js';

const MAX_SAMPLE_BYTES = 1024 * 1024;
/** A track of words that names no place in its first samples names none. */
const MAX_LOOKED_AT = 200;
/** By the handler of a track: pictures, sound, and what only helps to show them. */
const OF_THE_MEDIUM = new Set(['vide', 'soun', 'pict', 'auxv', 'hint', 'tmcd', 'clcp']);
/** By the format of its samples. Positions, or readings of sensors that may be positions, in bytes that are not read here. */
const OF_POSITIONS = new Set(['gpmd', 'camm', 'fdsc', 'gps ', 'GPS ', 'djmd', 'dbgi', 'rtmd']);
/** Words, among which a position may be. */
const OF_WORDS = new Set('mebx text tx3g sbtl mett metx stxt sbtt wvtt stpp urim mp4s'.split(' '));
/** Of these handlers a format that is not known is taken for positions. */
const BESIDE_THE_MEDIUM = new Set('meta text sbtl subt data camm gpmd fdsc'.split(' '));

/**
 * undefined: it is no such track.
 * @throws HubError 106 when nobody can say what is in its samples
 */
export function positionSamples(span: Span, track: Box): Samples[] | undefined {
  const table = sampleTable(span, track);
  const description = boxOf(span, table, 'stsd');
  const handler = boxOf(span, boxOf(span, track, 'mdia'), 'hdlr');
  if (!description || !handler) throw new HubError('106', 'a track does not say what it is');
  const format = span.read(description.start + 12, 4).toString('latin1');
  if (OF_POSITIONS.has(format)) return samplesIn(span, table);
  const kind = span.read(handler.start + 8, 4).toString('latin1');
  if (OF_WORDS.has(format)) {
    const found = samplesIn(span, table);
    return mentionsPlaceIn(span, description, found) ? found : undefined;
  }
  if (OF_THE_MEDIUM.has(kind)) return undefined;
  if (BESIDE_THE_MEDIUM.has(kind)) return samplesIn(span, table);
  throw new HubError('106', 'a track is of a kind that is not known');
}

function mentionsPlaceIn(span: Span, { start, end }: Box, samples: Samples[]): boolean {
  const some = [{ at: start, length: end - start }, ...samples.slice(0, MAX_LOOKED_AT)];
  return some.some(({ at, length }) => bytesMentionPlace(span.read(at, Math.min(length, MAX_SAMPLE_BYTES))));
}
