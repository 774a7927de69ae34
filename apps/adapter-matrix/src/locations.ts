/** Locations, fixed (MSC3488) and live (MSC3489, MSC3672), in all versions. Pure. */
import { locationPart, PHRASES, readGeoUri, type SinglePart } from '#protocol';
import { objectAt, stringAt, wordsIn, type Fields } from './extensible-events.js';

const LOCATION_BLOCK = ['m.location', 'org.matrix.msc3488.location'];
const BEACON_BLOCK = ['m.beacon_info', 'org.matrix.msc3489.beacon_info', 'org.matrix.msc3672.beacon_info'];
/** Limits of the canonical form. */
const LONGEST_LABEL = 2000;

export const LIVE_LOCATION = new Set(BEACON_BLOCK);
export const LIVE_POSITION = new Set(['m.beacon', 'org.matrix.msc3489.beacon', 'org.matrix.msc3672.beacon']);

/** @param label text beside the coordinates. @returns undefined when it has no readable coordinates */
export function readPlace(content: Fields, label: string | undefined): SinglePart | undefined {
  const block = objectAt(content, LOCATION_BLOCK) ?? {};
  const uris = [stringAt(block, ['uri']), stringAt(content, ['geo_uri'])];
  const place = uris.map((uri) => readGeoUri(uri ?? '')).find((read) => read !== undefined);
  if (!place) return undefined;
  const said = label || stringAt(block, ['description']) || wordsIn(content)?.plain;
  return locationPart({ ...place, ...(said ? { label: said.slice(0, LONGEST_LABEL).toWellFormed() } : {}) });
}

/** The words for the beginning or the end of a live location. */
export function liveLocationWords(content: Fields): string {
  const nested = objectAt(content, BEACON_BLOCK) ?? {};
  if ((content['live'] ?? nested['live']) === false) return PHRASES.en.liveLocationEnd;
  const label = stringAt(content, ['description']) ?? stringAt(nested, ['description']);
  return PHRASES.en.liveLocation(label || undefined);
}
