/** What a message of OneBot contains, whoever reads it: the program that is logged in, or a bot. Pure. */
import type { NativeAttachment } from '#adapter-kit';
import { locationPart, type SinglePart } from '#protocol';
import type { Tree } from '#text';
import { treeOf, valueOf, type Segment } from './cq-codes.js';

export interface Content {
  /** Everything but the quote, the place and the attachments. */
  tree: Tree;
  /** The person typed some of it: it may begin with a command. */
  typed: boolean;
  quotes: string | undefined;
  location: SinglePart | undefined;
  media: NativeAttachment[];
}

const KINDS: Record<string, string> = { image: 'image', record: 'voice', video: 'video', file: 'file' };

/** The segments of a message by what they are for. @param placeIn the place of a segment that has one */
export function sorted<Segment extends { type: string }>(
  segments: Segment[],
  kinds: Readonly<Record<string, string>>,
  placeIn: (segment: Segment) => SinglePart | undefined,
) {
  const quote = segments.find(({ type }) => type === 'reply');
  const place = segments.find((one) => placeIn(one) !== undefined);
  const media = segments.filter(({ type }) => Object.hasOwn(kinds, type));
  const said = segments.filter((one) => one !== quote && one !== place && !media.includes(one));
  return { quote, location: place && placeIn(place), media, said };
}

export function contentOf(segments: Segment[]): Content {
  const { quote, location, media, said } = sorted(segments, KINDS, placeIn);
  return {
    tree: treeOf(said),
    typed: said.some(({ type }) => type === 'text' || type === 'face' || type === 'at'),
    quotes: quote && valueOf(quote, 'id'),
    location,
    media: media.map((segment) =>
      attachmentOf(KINDS[segment.type] ?? 'file', sourceOf(segment), valueOf(segment, 'name')),
    ),
  };
}

function placeIn(segment: Segment) {
  if (segment.type !== 'location') return undefined;
  const [latitude, longitude] = [valueOf(segment, 'lat'), valueOf(segment, 'lon')].map((text) =>
    Number(text || NaN),
  );
  return placeOn(latitude ?? NaN, longitude ?? NaN, valueOf(segment, 'title'));
}

/** An address, or the name under which the implementation gives the file out. */
function sourceOf(segment: Segment): Record<string, string> {
  const [url, file] = [valueOf(segment, 'url'), valueOf(segment, 'file')];
  if (/^https?:/.test(url)) return { url };
  return /^https?:/.test(file) ? { url: file } : { file, kind: segment.type };
}

const TYPES: Record<string, string> = { image: 'image/*', voice: 'audio/*', video: 'video/*' };

export function attachmentOf(
  kind: string,
  source: Record<string, string>,
  filename: string,
): NativeAttachment {
  return {
    source,
    disposition: 'attachment',
    contentType: TYPES[kind] ?? 'application/octet-stream',
    ...(kind === 'file' && filename !== '' ? { filename } : {}),
    ...(kind === 'voice' ? { meta: { voice: true } } : {}),
  };
}

/** @returns undefined for what is no place on earth */
export function placeOn(latitude: number, longitude: number, label: string): SinglePart | undefined {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return undefined;
  return locationPart({ latitude, longitude, label: label === '' ? undefined : label.slice(0, 500) });
}
