/** Known entries of user data (`udta`) of QuickTime and 3GPP. */

/** Entries with a location. */
export const PLACES = new Set(['\u00a9xyz', 'loci', '\u00a9loc', 'GPMF', '\u00a9gps']);
/** Other entries, whose text or image is searched for locations. */
const KNOWN = new Set(
  'meta name cprt titl dscp perf gnre auth albm yrrc kywd rtng clsf chpl hnti hinf tsel kind strk ludt WLOC LOOP SelO AllF vrsn date manu modl tagc XMP_ Xtra ilst uuid ID32 cvru free skip'.split(
    ' ',
  ),
).add('url ');

/** Also QuickTime texts, whose names begin with the copyright sign. */
export function isUserDatum(type: string): boolean {
  return KNOWN.has(type) || PLACES.has(type) || type.startsWith('\u00a9');
}
