/** Makes the extension of a file name fit its content, because browsers, phones and networks use the extension. No I/O. */

const ENDINGS: Record<string, readonly [usual: string, ...also: string[]]> = {
  'image/jpeg': ['jpg', 'jpeg', 'jpe', 'jfif'],
  'image/png': ['png', 'apng'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'image/bmp': ['bmp', 'dib'],
  'image/heic': ['heic', 'heif'],
  'image/heif': ['heif', 'heic'],
  'image/avif': ['avif'],
  'image/tiff': ['tif', 'tiff'],
  'image/jxl': ['jxl'],
  'audio/amr': ['amr'],
  'audio/amr-wb': ['awb', 'amr'],
  'audio/silk': ['silk', 'slk'],
  'audio/ogg': ['ogg', 'oga', 'opus'],
  'audio/ogg; codecs=vorbis': ['ogg', 'oga'],
  'audio/ogg; codecs=speex': ['spx', 'ogg', 'oga'],
  'audio/ogg; codecs=flac': ['oga', 'ogg'],
  'audio/mpeg': ['mp3', 'mpga'],
  'audio/mp4': ['m4a', 'm4b', 'm4r', 'mp4'],
  'audio/wav': ['wav'],
  'audio/aac': ['aac'],
  'audio/flac': ['flac'],
  'audio/3gpp': ['3gp', '3gpp', '3ga'],
  'audio/webm': ['weba', 'webm'],
  'video/mp4': ['mp4', 'm4v'],
  'video/webm': ['webm'],
  'video/ogg': ['ogv', 'ogg'],
  'video/quicktime': ['mov', 'qt'],
  'video/3gpp': ['3gp', '3gpp', '3g2'],
  'video/matroska': ['mkv'],
  'text/vcard': ['vcf'],
  'application/pdf': ['pdf'],
};
/** Extensions of images, video, audio, contact cards and PDF. */
const PROMISING = new Set(Object.values(ENDINGS).flat());
const ENDING = /\.([A-Za-z0-9]{1,8})$/;

/**
 * Keeps an extension that fits, and one that claims no known kind (`notes.md`, `data.csv`). Replaces an extension that claims
 * another kind than the content has; by `bin` if the kind of the content is unknown.
 */
export function fittingName(filename: string | undefined, contentType: string): string {
  const endings = ENDINGS[contentType];
  const usual = endings?.[0] ?? (contentType === 'text/plain' ? 'txt' : 'bin');
  if (filename === undefined) return `file.${usual}`;
  const given = ENDING.exec(filename)?.[1]?.toLowerCase();
  const fits = endings
    ? given !== undefined && endings.includes(given)
    : given === undefined || !PROMISING.has(given);
  if (fits) return filename;
  return `${filename.replace(ENDING, '')}.${usual}`;
}
