/** The fields of a person's message: those that the test gives, and those that the client computes from the attachment. */
import type { MadeOfMedia, PlatformKind, PushedType, What } from './kind.js';
import { extensionOf, type Media } from './media-store.js';
import type { Fields } from './xml.js';

/** Where media of people lie. */
export interface MediaSource {
  kind: PlatformKind;
  sampleMedia(what: What): Media;
  findMedia(id: string): Media | undefined;
  mediaUrl(media: Media): string;
}

const formats: Record<string, string> = { amr: 'amr', spx: 'speex', speex: 'speex', mp3: 'mp3' };

const fromMedia: Record<MadeOfMedia, (media: Media, source: MediaSource) => string> = {
  'media-id': (media) => media.id,
  'media-url': (media, source) => source.mediaUrl(media),
  'media-name': (media) => media.filename,
  'media-mime': (media) => media.contentType,
  'media-format': ({ filename }) => {
    const format = formats[extensionOf(filename)];
    if (!format) throw new Error(`a voice note is a file of amr, speex or mp3, not ${filename}`);
    return format;
  },
};

/** @throws Error when a file has no place in it, or is named twice */
export function mustTakeFile(what: What, type: PushedType, given: Record<string, string>): void {
  const places = Object.keys(type.fields).filter((name) => isOfMedia(type.fields[name]));
  if (places.length === 0) throw new Error(`a ${what} has no file`);
  const twice = places.find((name) => name in given);
  if (twice) throw new Error(`name a file or ${twice}, not both`);
}

/** @param named the attachment; if absent, the one that the fields name, or a sample */
export function pushedFields(
  what: What,
  type: PushedType,
  given: Record<string, string>,
  source: MediaSource,
  named?: Media,
): Fields {
  const network = source.kind.name;
  const unknown = Object.keys(given).find((name) => !(name in type.fields));
  if (unknown) throw new Error(`${network} knows no ${unknown} in a ${what}`);
  // All fields that are made of media show the very same one.
  let held = named ?? source.findMedia(given['MediaId'] ?? '');
  const fields: Fields = {};
  for (const [name, rule] of Object.entries(type.fields)) {
    const value = given[name];
    if (value !== undefined) fields[name] = value;
    else if (rule === 'required') throw new Error(`a ${what} on ${network} needs ${name}`);
    else if (rule === 'thumb-id') fields[name] = source.sampleMedia('image').id;
    else if (isOfMedia(rule)) fields[name] = fromMedia[rule]((held ??= source.sampleMedia(what)), source);
    else if (rule !== 'optional') fields[name] = rule.default;
  }
  return fields;
}

function isOfMedia(rule: PushedType['fields'][string] | undefined): rule is MadeOfMedia {
  return typeof rule === 'string' && rule in fromMedia;
}
