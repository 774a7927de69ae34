/** The payloads of the messages that an XMPP client sends. Pure. */
import { xml } from '@xmpp/client';

type Element = ReturnType<typeof xml>;

/** Asks the server to archive a message without a body (XEP-0334). */
const store = () => xml('store', { xmlns: 'urn:xmpp:hints' });

/** XEP-0447, with XEP-0066 for older clients. @param about the elements of the file's metadata */
export function sharedFile(url: string, about: Element[]): Element[] {
  return [
    xml('body', {}, url),
    xml('request', { xmlns: 'urn:xmpp:receipts' }),
    xml('x', { xmlns: 'jabber:x:oob' }, xml('url', {}, url)),
    xml(
      'file-sharing',
      { xmlns: 'urn:xmpp:sfs:0', disposition: 'attachment' },
      xml('file', { xmlns: 'urn:xmpp:file:metadata:0' }, ...about),
      xml('sources', {}, xml('url-data', { xmlns: 'http://jabber.org/protocol/url-data', target: url })),
    ),
  ];
}

/** XEP-0461, with a quote in the body that XEP-0428 marks as a fallback. */
export function quotedReply(peer: string, target: string, text: string): Element[] {
  const quote = '> earlier\n';
  return [
    xml('body', {}, quote + text),
    xml('reply', { xmlns: 'urn:xmpp:reply:0', to: peer, id: target }),
    xml(
      'fallback',
      { xmlns: 'urn:xmpp:fallback:0', for: 'urn:xmpp:reply:0' },
      xml('body', { start: '0', end: String(quote.length) }),
    ),
  ];
}

/** XEP-0308. */
export function correction(target: string, text: string): Element[] {
  return [xml('body', {}, text), xml('replace', { xmlns: 'urn:xmpp:message-correct:0', id: target })];
}

/** XEP-0424. */
export function retraction(target: string): Element[] {
  return [
    xml('retract', { xmlns: 'urn:xmpp:message-retract:1', id: target }),
    xml('body', {}, 'retracted'),
    store(),
  ];
}

/** XEP-0444. @param emoji all reactions that stand from now on */
export function reactionsTo(target: string, emoji: string[]): Element[] {
  const set = emoji.map((one) => xml('reaction', {}, one));
  return [xml('reactions', { xmlns: 'urn:xmpp:reactions:0', id: target }, ...set), store()];
}

/** XEP-0333. */
export function displayed(target: string): Element[] {
  return [xml('displayed', { xmlns: 'urn:xmpp:chat-markers:0', id: target }), store()];
}

/** XEP-0054. @param photo PNG in base64 */
export function vCard({ name, photo }: { name?: string | undefined; photo?: string | undefined }): Element {
  return xml(
    'vCard',
    { xmlns: 'vcard-temp' },
    ...(name === undefined ? [] : [xml('FN', {}, name)]),
    ...(photo === undefined
      ? []
      : [xml('PHOTO', {}, xml('TYPE', {}, 'image/png'), xml('BINVAL', {}, photo))]),
  );
}
