/** Tracks whose samples are positions: GoPro (`gpmd`), Android (`camm`), DJI (`djmd`), Apple's timed locations (`mebx`), subtitles of drones. */
import { HubError } from '#protocol';
import { boxOf, type Box } from '../container/boxes.js';
import type { Span } from '../container/span.js';
import { bytesMentionPlace } from './location-names.js';
import { samplesIn, sampleTable, type Samples } from './sample-tables.js';

const MAX_SAMPLE_BYTES = 1024 * 1024;
/** Number of first samples of a text track that are searched for a location. */
const MAX_LOOKED_AT = 200;
/** Handlers of harmless tracks: video, audio, and auxiliary data for them. */
const OF_THE_MEDIUM = new Set(['vide', 'soun', 'pict', 'auxv', 'hint', 'tmcd', 'clcp']);
/** Sample formats of positions, or of sensor data that may contain positions. */
const OF_POSITIONS = new Set(['gpmd', 'camm', 'fdsc', 'gps ', 'GPS ', 'djmd', 'dbgi', 'rtmd']);
/** Text formats, in which a position may be. */
const OF_WORDS = new Set('mebx text tx3g sbtl mett metx stxt sbtt wvtt stpp urim mp4s'.split(' '));
/** Handlers whose unknown sample formats count as positions. */
const BESIDE_THE_MEDIUM = new Set('meta text sbtl subt data camm gpmd fdsc'.split(' '));

/**
 * @returns undefined when the track has no positions
 * @throws HubError 106 when the content of its samples is unknown
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
