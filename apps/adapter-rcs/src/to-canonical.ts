/** Contents of messages, statuses and addresses, which both dialects share -> what the hub knows. Pure. */
import { z } from 'zod';
import type { LateReport, NativeAttachment } from '#adapter-kit';
import type { BotContent } from '#bot-contacts';
import { isSuccess, locationPart, parseJson, PHRASES, plainText, readGeoUri } from '#protocol';
import { child, descendants, readXml, type XmlElement } from '#service';
import { rcsFailure } from './rcs.errors.js';

type Content = Omit<BotContent, 'sentAt'>;

const Text = z.string().optional().catch(undefined);
const File = z.looseObject({ type: Text, url: z.string().min(1), fileName: Text, contentType: Text });
const Chosen = z.looseObject({ displayText: z.string().min(1) });
const Suggestion = z.looseObject({
  response: z.union([
    z.looseObject({ reply: Chosen }).transform(({ reply }) => reply),
    z.looseObject({ action: Chosen }).transform(({ action }) => action),
  ]),
});

/** Mobile number of China without its country code: `tel:+86…`, `sip:+86…@…`. */
export function personIn(address: string): string | undefined {
  return /^\s*(?:tel:|sip:)?(?:\+?86)?(1\d{10})(?:@|\s*$)/.exec(address)?.[1];
}

/** @returns a text for what a telephone says of itself: why it is not carried */
export function contentOf(
  contentType: string,
  encoding: string | undefined,
  native: unknown,
): Content | string {
  const content = encoding === 'base64' && typeof native === 'string' ? fromBase64(native) : native;
  const type = contentType.split(';')[0]?.trim() ?? '';
  switch (type) {
    case 'text/plain':
      return typeof content === 'string' && content !== '' ? wordsOf(content) : 'a text without words';
    case 'application/vnd.gsma.rcs-ft-http':
    case 'application/vnd.gsma.rcs-ft-http+xml': {
      const file = fileIn(typeof content === 'string' ? filesIn(readXml(content)) : content);
      return file ?? notShown('file');
    }
    // A person chose one of the answers that a message offered.
    case 'application/vnd.gsma.botsuggestion.response.v1.0+json': {
      const json = typeof content === 'string' ? parseJson(Buffer.from(content)) : content;
      const chosen = Suggestion.safeParse(json).data?.response.displayText;
      return chosen === undefined ? notShown('suggestion') : { typed: chosen };
    }
    case 'application/vnd.gsma.botsharedclientdata.v1.0+json':
      return 'facts about a telephone';
    case 'application/vnd.gsma.rcsspam-report+xml':
      return 'a complaint about the chatbot';
    default:
      return notShown(type.slice(0, 100));
  }
}

/** What the statuses of both dialects say. @returns undefined: on its way; `unknown` for a status of no known name */
export function reportOf(status: string, code: string, text: string): LateReport | undefined | 'unknown' {
  switch (status) {
    case 'sent':
    case 'MessageSent':
      return undefined;
    // The telephone of the person says both.
    case 'delivered':
    case 'DeliveredToTerminal':
      return { stage: 'delivered', basis: 'user-device' };
    case 'displayed':
    case 'MessageDisplayed':
      return { stage: 'read', basis: 'user-device' };
    case 'deliveredToNetwork':
    case 'DeliveredToNetwork':
    case 'DeliveredToSMS':
    case 'DeliveredToVms':
      return { stage: 'delivered', basis: 'network', code: '104' };
    case 'failed':
    case 'DeliveryImpossible':
    case 'DeliveredToSMSFailed':
    case 'DeliveredToVmsFailed': {
      const failure = rcsFailure(code, text);
      return {
        stage: 'failed',
        basis: 'network',
        ...failure,
        code: isSuccess(failure.code) ? '100' : failure.code,
      };
    }
    default:
      return 'unknown';
  }
}

export function filesIn(root: XmlElement | undefined): object[] {
  return descendants(root, 'file-info').map((info) => ({
    type: info.attributes['type'],
    fileName: child(info, 'file-name')?.text,
    contentType: child(info, 'content-type')?.text,
    url: child(info, 'data')?.attributes['url'],
  }));
}

/** A file comes with its thumbnail. */
export function fileIn(files: unknown): { media: NativeAttachment } | undefined {
  const known = (Array.isArray(files) ? files : []).flatMap((file) => File.safeParse(file).data ?? []);
  const file = known.find(({ type }) => type === 'file') ?? known.at(-1);
  if (!file) return undefined;
  const { url, fileName: filename, contentType = 'application/octet-stream' } = file;
  const media: NativeAttachment = {
    source: { url },
    disposition: 'attachment',
    contentType: contentType.split(';')[0]?.trim() || 'application/octet-stream',
    ...(filename ? { filename } : {}),
    // Telephones record voice notes in this format.
    ...(contentType.startsWith('audio/amr') ? { meta: { voice: true } } : {}),
  };
  return { media };
}

/** A place comes as a "geo" URI (RFC 5870), with its name in the parameter rcs-l. */
function wordsOf(text: string): Content {
  const place = readGeoUri(text.split(';')[0] ?? '');
  if (!place) return { typed: text };
  const [, label = ''] = /;rcs-l=([^;]*)/.exec(text) ?? [];
  return { part: locationPart({ ...place, label: decoded(label) }) };
}

function decoded(label: string): string | undefined {
  try {
    return decodeURIComponent(label).trim().slice(0, 2000) || undefined;
  } catch (error) {
    // A percent sign that is no escape.
    if (!(error instanceof URIError)) throw error;
    return label;
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('utf8');
}

function notShown(what: string): Content {
  return { part: plainText(PHRASES.zh.notShown(what, '')) };
}
