/** What stands in user data (`udta`) of QuickTime and of 3GPP. */

/** Names a place. */
export const PLACES = new Set(['\u00a9xyz', 'loci', '\u00a9loc', 'GPMF', '\u00a9gps']);
/** Says something else, in words or in a picture that are looked through. */
const KNOWN = new Set(
  'meta name cprt titl dscp perf gnre auth albm yrrc kywd rtng clsf chpl hnti hinf tsel kind strk ludt WLOC LOOP SelO AllF vrsn date manu modl tagc XMP_ Xtra ilst uuid ID32 cvru free skip'.split(
    ' ',
  ),
).add('url ');

/** Also a text of QuickTime, that begins with the copyright sign. */
export function isUserDatum(type: string): boolean {
  return KNOWN.has(type) || PLACES.has(type) || type.startsWith('\u00a9');
}
