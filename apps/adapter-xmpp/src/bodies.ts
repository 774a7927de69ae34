/** Reads the text of a stanza: bodies in several languages, without fallback text for clients that lack a feature. */
import type { Element } from '@xmpp/component';
import { PHRASES } from '#protocol';
import { writePlain } from '#text';
import { readHtml } from '#text/html-reader';
import { withoutOtrOffer } from './encryption.js';
import { NS } from './namespaces.js';

/** Maximum number of bodies (languages) that are read from a stanza. */
const MOST_BODIES = 8;

/**
 * RFC 6121 §5.2.3: one body per language. The body without a language, or in the language of the stanza, comes first, else
 * the first one. Bodies with other texts follow, each with its language tag, so that no text is lost.
 * @param fallbackOf features of the stanza whose fallback text (XEP-0428) is removed
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

/** Reads the subject line, which mail gateways and some clients set; undefined without one. */
export function subjectOf(stanza: Element): string | undefined {
  const subjects = stanza.getChildren('subject').map((subject) => subject.text().trim());
  const [first] = subjects.filter((text) => text !== '');
  return first === undefined ? undefined : PHRASES.en.subject(first);
}

/** Reads the text of XHTML-IM (XEP-0071), for stanzas that lack the body that the XEP requires. */
export function xhtmlText(stanza: Element): string {
  const body = stanza.getChild('html', NS.xhtml)?.getChild('body');
  const tree = body && readHtml(body.toString(), { spoiler: PHRASES.en.spoiler, nameOf: (id) => id });
  return tree ? writePlain(tree) : '';
}

/** Maximum number of fallback ranges that are read from a stanza. A reply has one. */
const MOST_RANGES = 16;

/** Removes fallback ranges, which are counted in code points. An invalid range removes nothing. */
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

/** True if the whole body is a fallback: the element has no range, or its ranges cover the body. */
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
