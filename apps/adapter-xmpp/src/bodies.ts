/** The words of a stanza: bodies in several languages, without what stands there only for older clients. */
import type { Element } from '@xmpp/component';
import { PHRASES } from '#protocol';
import { readHtml, writePlain } from '#text';
import { withoutOtrOffer } from './encryption.js';
import { NS } from './namespaces.js';

/** Languages of a stanza that are shown; more than a handful is no conversation. */
const MOST_BODIES = 8;

/**
 * RFC 6121 §5.2.3: one body for each language. The one without a language, else the first, is the message; others that say
 * something else follow it with their language named, so that none is lost.
 * @param fallbackOf features that the stanza has (XEP-0428): what the message says only for clients without them is left out
 */
export function bodyOf(stanza: Element, fallbackOf: string[] = []): string {
  const bodies = stanza
    .getChildren('body')
    .map((body) => ({ language: body.attrs['xml:lang'], text: withoutOtrOffer(body.text()) }))
    .filter(({ text }) => text !== '');
  const own = stanza.attrs['xml:lang'];
  const first = bodies.find(({ language }) => language === undefined || language === own) ?? bodies[0];
  if (!first) return '';
  const said = new Set([first.text]);
  const others = bodies.filter(({ text }) => !said.has(text) && said.add(text)).slice(0, MOST_BODIES - 1);
  return [
    fallbackOf.reduce((text, purpose) => withoutFallback(stanza, text, purpose), first.text),
    ...others.map(({ language, text }) => (language ? `[${language.slice(0, 35)}] ${text}` : text)),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

/** The subject line, as mail gateways and some clients set it; undefined without one. */
export function subjectOf(stanza: Element): string | undefined {
  const subjects = stanza.getChildren('subject').map((subject) => subject.text().trim());
  const [first] = subjects.filter((text) => text !== '');
  return first === undefined ? undefined : PHRASES.en.subject(first);
}

/** XEP-0071 without a body (its standard asks for one): the words of the markup. */
export function xhtmlText(stanza: Element): string {
  const body = stanza.getChild('html', NS.xhtml)?.getChild('body');
  const tree = body && readHtml(body.toString(), { spoiler: PHRASES.en.spoiler, nameOf: (id) => id });
  return tree ? writePlain(tree) : '';
}

/** Ranges of one stanza; a message that is quoted has one. */
const MOST_RANGES = 16;

/** Ranges are counted in code points. One that cannot be read takes nothing out. */
function withoutFallback(stanza: Element, text: string, purpose: string): string {
  const points = Array.from(text);
  const ranges = fallbacks(stanza, purpose)
    .flatMap((mark) => mark.getChildren('body'))
    .slice(0, MOST_RANGES)
    .map(({ attrs }) => ({ start: Number(attrs['start'] ?? 0), end: Number(attrs['end'] ?? points.length) }))
    .filter(({ start, end }) => Number.isInteger(start) && Number.isInteger(end) && start >= 0);
  if (ranges.length === 0) return text;
  return points.filter((_, at) => !ranges.some(({ start, end }) => at >= start && at < end)).join('');
}

/** The stanza says that its whole body is for clients without the feature: the mark names no range, or all is in one. */
export function isAllFallback(stanza: Element, purpose: string): boolean {
  const marks = fallbacks(stanza, purpose);
  if (marks.length === 0) return false;
  return marks.every((mark) => !mark.getChild('body')) || bodyOf(stanza, [purpose]).trim() === '';
}

function fallbacks(stanza: Element, purpose: string): Element[] {
  return [NS.fallback, NS.fallbackOld]
    .flatMap((namespace) => stanza.getChildren('fallback', namespace))
    .filter((mark) => mark.attrs['for'] === purpose);
}
