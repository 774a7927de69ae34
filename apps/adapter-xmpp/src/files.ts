/** Files in stanzas: XEP-0447 with XEP-0446, XEP-0385 and XEP-0066 read; XEP-0447 and XEP-0066 written. Pure. */
import { xml, type Element } from '@xmpp/component';
import type { NativeAttachment, OutgoingAttachment } from '#adapter-kit';
import { PHRASES, type MediaMeta } from '#protocol';
import { NS } from './namespaces.js';

/** Of one stanza: more go as links. */
const MOST_FILES = 16;

/** What a stanza says of files. */
export interface Files {
  media: NativeAttachment[];
  /** In words: files whose content nobody can fetch by an address, as one that only its sender's client hands out. */
  unreadable: string[];
}

/** All files of a stanza. @param text the body: an address there alone is a file, as it is for every client */
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

/** XEP-0385 holds the description of XEP-0234, in whatever version. */
function jingleFileOf(sharing: Element): Element | undefined {
  return sharing
    .getChildElements()
    .find((child) => child.name === 'file' && child.getNS()?.startsWith(NS.jingleFile));
}

function urlOf(holder: Element): string | undefined {
  const sources = holder.getChild('sources')?.getChildElements() ?? [];
  // XEP-0385 names the address in a reference.
  const named = sources.map((source) =>
    source.is('url-data', NS.urlData)
      ? source.attrs['target']
      : source.is('reference', NS.reference)
        ? source.attrs['uri']
        : undefined,
  );
  // An address of another kind is never fetched: both sides are told, as of a file that is gone.
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
    // "%" and what is no number.
    if ((error as Error).name === 'URIError') return undefined;
    throw error;
  }
}

/** For clients that know XEP-0447, and, with the address as the body, for all others. */
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
