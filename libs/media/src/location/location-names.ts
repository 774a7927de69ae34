/** Names of metadata fields that contain a location, in any container, namespace or prefix. */

const IN_THE_NAME = /gps|latitude|longitude|altitude|longtitude|location|iso6709|georss|geotag|^ciadr/i;
const THE_NAME = new Set([
  'city',
  'state',
  'country',
  'countryname',
  'countrycode',
  'provincestate',
  'worldregion',
  'coverage',
  'lat',
  'lon',
  'lng',
  'long',
  'latlong',
  'point',
  'geo',
  'place',
  'placename',
  'xyz',
]);

/** @param name name without prefix */
export function isPlaceName(name: string): boolean {
  return IN_THE_NAME.test(name) || THE_NAME.has(name.toLowerCase());
}

/** Coordinates, or the name of a location field, in unstructured text. */
const IN_TEXT =
  /gps[ _-]?(?:lat|long|pos|coord|info|alt|dest|date|time)|DEVC[\s\S]{0,2000}GPS[5-9LUPF]|\bgeo:(?:lat|lon|long|-?\d)|\b(?:latitude|longitude)\b|quicktime\.location|xmp\.gps|[+-]\d{2}\.\d{2,}[+-]\d{3}\.\d{2,}|\b\d{1,3},\d{1,2}\.\d{2,}[NSEW]\b|loci\0\0\0\0/i;
/** Bytes that are searched at the beginning and at the end of a block of unknown structure. */
const MAX_LOOKED_AT = 4 * 1024 * 1024;

export function mentionsPlace(text: string): boolean {
  return IN_TEXT.test(text);
}

/** Searches Latin-1, UTF-8 and UTF-16 of either byte order. */
export function bytesMentionPlace(bytes: Buffer): boolean {
  if (partMentionsPlace(bytes.subarray(0, MAX_LOOKED_AT))) return true;
  return bytes.length > MAX_LOOKED_AT && partMentionsPlace(bytes.subarray(-MAX_LOOKED_AT));
}

function partMentionsPlace(some: Buffer): boolean {
  if (mentionsPlace(some.toString('latin1'))) return true;
  return some.includes(0) && mentionsPlace(some.toString('latin1').replaceAll('\0', ''));
}
