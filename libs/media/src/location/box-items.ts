/** Removes locations from HEIF items, by their type: Exif after an offset, XMP, embedded images. */
import type { PngInner } from './png.js';
import { isTiff } from './tiff-reader.js';

const EXIF = 'Exif\0\0';
/** Coded images, and items that combine images: no metadata. */
const OF_THE_PICTURE = new Set(
  'av01 hvc1 hev1 lhv1 lhe1 hvt1 avc1 svc1 vvc1 vvs1 j2k1 unci grid iovl iden tmap tili'.split(' '),
);

/** @returns undefined for an item without metadata */
export function itemEraser(
  type: string,
  contentType: string,
  inner: PngInner,
): ((bytes: Buffer) => boolean) | undefined {
  if (OF_THE_PICTURE.has(type)) return undefined;
  switch (type) {
    case 'Exif':
      return (bytes) => eraseFromExifItem(bytes, inner);
    case 'mime':
      return contentType.includes('xml') ? (bytes) => inner.xmp(bytes) : (bytes) => inner.unknown(bytes);
    case 'jpeg':
      return (bytes) => inner.picture(bytes);
    default:
      return (bytes) => inner.unknown(bytes);
  }
}

/** Four bytes have the distance to the TIFF header: 0, or the length of the Exif marker. */
function eraseFromExifItem(bytes: Buffer, inner: PngInner): boolean {
  const skipped = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  const mark = bytes.toString('latin1', 4, 4 + EXIF.length) === EXIF ? EXIF.length : 0;
  if ((skipped === 0 || skipped === mark) && isTiff(bytes, 4 + skipped))
    return inner.exif(bytes.subarray(4 + skipped));
  // Readers may disagree where the TIFF begins, so the whole item is erased.
  return bytes.some((byte) => byte !== 0) && bytes.fill(0).length > 0;
}
