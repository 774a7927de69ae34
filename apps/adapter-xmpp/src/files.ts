/** Reads files in stanzas (XEP-0447 with XEP-0446, XEP-0385, XEP-0066) and writes them (XEP-0447, XEP-0066). Pure. */
import { xml, type Element } from '@xmpp/component';
import type { NativeAttachment, OutgoingAttachment } from '#adapter-kit';
import { PHRASES, type MediaMeta } from '#protocol';
import { NS } from './namespaces.js';

/** Maximum number of files that are read from a stanza. Further ones arrive as links. */
const MOST_FILES = 16;

/** The files of a stanza. */
export interface Files {
  media: NativeAttachment[];
  /** Text for each file without a URL, for example one that only its sender's client can transfer. */
  unreadable: string[];
}

/** Reads all files. @param text the body: an out-of-band URL that is the whole body is a file, as in all clients */
export function readFiles(stanza: Element, text: string): Files {
  const sharings = stanza.getChildren('file-sharing', NS.sfs).map((sharing) => ({
    url: urlOf(sharing),
    file: sharing.getChild('file', NS.file),
  }));
  const sims = stanza
    .getChildren('reference', NS.reference)
    .flatMap((reference) => reference.getChildren('media-sharing', NS.sims))
    .map((sharing) => ({ url: urlOf(sharing), file: jingleFileOf(sharing) }));
  const lines = new Set(text.split('\n').map((line) => line.trim()));
  const links = stanza.getChildren('x', NS.oob).map((x) => x.getChildText('url')?.trim() ?? '');
  const alone = [...lines].every((line) => line === '' || links.includes(line));
  const named = alone ? links.filter((url) => lines.has(url) && /^https?:/i.test(url)) : [];
  const found = [...sharings, ...sims, ...named.map((url) => ({ url, file: undefined }))];
  const sticker = stanza.getChild('sticker', NS.stickers) !== undefined;
  const media = found
    .filter(({ url }, at) => url !== undefined && found.findIndex((one) => one.url === url) === at)
    .slice(0, MOST_FILES)
    .map(({ url = '', file }) => described(url, file, sticker));
  const unreadable = [...sharings, ...sims]
    .filter(({ url }) => url === undefined)
    .map(({ file }) => PHRASES.en.media('file', file?.getChildText('name')?.trim() || undefined, '106'));
  return { media, unreadable: unreadable.slice(0, MOST_FILES) };
}

/** XEP-0385 contains the file element of XEP-0234, of any version. */
function jingleFileOf(sharing: Element): Element | undefined {
  return sharing
    .getChildElements()
    .find((child) => child.name === 'file' && child.getNS()?.startsWith(NS.jingleFile));
}

function urlOf(holder: Element): string | undefined {
  const sources = holder.getChild('sources')?.getChildElements() ?? [];
  // XEP-0385 has the URL in a reference.
  const named = sources.map((source) =>
    source.is('url-data', NS.urlData)
      ? source.attrs['target']
      : source.is('reference', NS.reference)
        ? source.attrs['uri']
        : undefined,
  );
  // A URL with another scheme is not fetched: the attachment fails, and sender and recipient are notified.
  return named.find((address) => /^https?:/i.test(address ?? '')) ?? named.find(Boolean);
}

function described(url: string, file: Element | undefined, sticker: boolean): NativeAttachment {
  const said = (name: string) => file?.getChildText(name)?.trim() || undefined;
  const filename = said('name') ?? lastOf(url);
  const description = said('desc')?.slice(0, 2000);
  const contentType = said('media-type')?.slice(0, 200) ?? 'application/octet-stream';
  const sha256 = hashOf(file);
  return {
    source: { url },
    disposition: sticker ? 'inline' : 'attachment',
    contentType,
    ...(filename ? { filename } : {}),
    ...(description ? { description } : {}),
    ...(sha256 ? { sha256 } : {}),
    meta: metaOf(said),
  };
}

function metaOf(said: (name: string) => string | undefined): MediaMeta {
  const length = Number(said('length'));
  return Number.isInteger(length) && length > 0 ? { durationMs: length } : {};
}

function hashOf(file: Element | undefined): string | undefined {
  const hash = file
    ?.getChildren('hash')
    .filter((one) => one.getNS()?.startsWith(NS.hashes))
    .find(({ attrs }) => attrs['algo'] === 'sha-256');
  const hex = Buffer.from(hash?.text() ?? '', 'base64').toString('hex');
  return hex.length === 64 ? hex : undefined;
}

function lastOf(url: string): string | undefined {
  const last = URL.parse(url)?.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || undefined;
  } catch (error) {
    // "%" that is not followed by two hexadecimal digits.
    if ((error as Error).name === 'URIError') return undefined;
    throw error;
  }
}

/** Writes XEP-0447, with XEP-0066 and the URL as the body for clients that do not support it. */
export function fileElements({ file, part }: OutgoingAttachment, url: string): Element[] {
  const { width, height, durationMs } = file.facts.meta;
  const hash = Buffer.from(file.facts.sha256, 'hex').toString('base64');
  const optional = (name: string, value: string | number | undefined) =>
    value === undefined ? undefined : xml(name, {}, String(value));
  const about = [
    xml('media-type', {}, file.contentType),
    xml('name', {}, file.filename),
    xml('size', {}, String(file.size)),
    xml('hash', { xmlns: `${NS.hashes}2`, algo: 'sha-256' }, hash),
    optional('width', width),
    optional('height', height),
    optional('length', durationMs),
    optional('desc', part.description),
  ].filter((element) => element !== undefined);
  const inline = file.contentType.startsWith('image/') || file.contentType.startsWith('video/');
  return [
    xml('body', {}, url),
    xml('x', { xmlns: NS.oob }, xml('url', {}, url)),
    xml(
      'file-sharing',
      { xmlns: NS.sfs, disposition: inline ? 'inline' : 'attachment' },
      xml('file', { xmlns: NS.file }, ...about),
      xml('sources', {}, xml('url-data', { xmlns: NS.urlData, target: url })),
    ),
    xml('fallback', { xmlns: NS.fallback, for: NS.sfs }, xml('body', {})),
    ...(part.disposition === 'inline' ? [xml('sticker', { xmlns: NS.stickers })] : []),
  ];
}
