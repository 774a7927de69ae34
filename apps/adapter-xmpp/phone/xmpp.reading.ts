/** Translates stanzas into what an XMPP client shows. */
import type { xml } from '@xmpp/client';
import type { Seen } from '#phones';

type Element = ReturnType<typeof xml>;

export function readStanza(stanza: Element): Seen | undefined {
  const from = String(stanza.attrs['from']).split('/')[0] ?? '';
  const id = String(stanza.attrs['id'] ?? '');
  const common = { from, id };
  if (stanza.attrs['type'] === 'error') {
    const error = stanza.getChild('error');
    return {
      ...common,
      kind: 'error',
      state: error?.getChildElements()[0]?.name ?? '',
      text: error?.getChildText('text') ?? '',
    };
  }
  const about = (name: string, ns: string) => stanza.getChild(name, ns)?.attrs['id'] as string | undefined;
  const retract = about('retract', 'urn:xmpp:message-retract:1');
  if (retract) return { ...common, kind: 'recall', target: retract };
  const reactions = stanza.getChild('reactions', 'urn:xmpp:reactions:0');
  if (reactions)
    return {
      ...common,
      kind: 'reaction',
      target: String(reactions.attrs['id']),
      emoji: reactions.getChildren('reaction').map((one) => one.text()),
    };
  const received = about('received', 'urn:xmpp:receipts');
  if (received) return { ...common, kind: 'delivered', target: received };
  const displayed = about('displayed', 'urn:xmpp:chat-markers:0');
  if (displayed) return { ...common, kind: 'read', target: displayed };
  const text = stanza.getChildText('body');
  if (text !== null) {
    const media = readFile(stanza);
    if (media) return { ...common, kind: 'media', text, media };
    const replace = about('replace', 'urn:xmpp:message-correct:0');
    if (replace) return { ...common, kind: 'edit', target: replace, text };
    const reply = about('reply', 'urn:xmpp:reply:0');
    const quote = reply ? quoteIn(stanza, text) : '';
    const since = stanza.getChild('delay', 'urn:xmpp:delay')?.attrs['stamp'] as string | undefined;
    return {
      ...common,
      kind: 'text',
      text: text.slice(quote.length),
      ...(reply ? { target: reply } : {}),
      ...(quote ? { quote } : {}),
      ...(since ? { since } : {}),
    };
  }
  const state = stanza
    .getChildElements()
    .find((child) => child.getNS() === 'http://jabber.org/protocol/chatstates')?.name;
  return state ? { ...common, kind: 'typing', state } : undefined;
}

/** Returns the fallback quote of a reply, which a client with XEP-0461 hides (XEP-0428). */
function quoteIn(stanza: Element, text: string): string {
  const mark = stanza
    .getChildren('fallback', 'urn:xmpp:fallback:0')
    .find(({ attrs }) => attrs['for'] === 'urn:xmpp:reply:0');
  const end = Number(mark?.getChild('body')?.attrs['end'] ?? 0);
  return Array.from(text).slice(0, end).join('');
}

/** Reads a file from XEP-0447, else from an out-of-band URL (XEP-0066). */
function readFile(stanza: Element): Seen['media'] {
  const sharing = stanza.getChild('file-sharing', 'urn:xmpp:sfs:0');
  const file = sharing?.getChild('file', 'urn:xmpp:file:metadata:0');
  const target = sharing?.getChild('sources')?.getChild('url-data', 'http://jabber.org/protocol/url-data');
  const oob = stanza.getChild('x', 'jabber:x:oob')?.getChildText('url');
  const url = (target?.attrs['target'] as string | undefined) ?? oob;
  if (!url) return undefined;
  const [name, type, length] = ['name', 'media-type', 'length'].map((field) => file?.getChildText(field));
  return {
    url,
    ...(name ? { name } : {}),
    ...(type ? { type } : {}),
    ...(length ? { seconds: Number(length) / 1000 } : {}),
  };
}
