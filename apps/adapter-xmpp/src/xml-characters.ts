/** Removes characters that XML forbids (XML 1.0 §2.2): one of them in a stanza makes the server close the stream. */
import type { Element } from '@xmpp/component';

const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** The same stanza, with what people elsewhere wrote made fit to be sent. Changes it. */
export function withoutForbiddenCharacters(element: Element): Element {
  for (const [name, value] of Object.entries(element.attrs))
    if (typeof value === 'string') element.attrs[name] = value.replace(FORBIDDEN, '');
  element.children = element.children.map((child) =>
    typeof child === 'string' ? child.replace(FORBIDDEN, '') : withoutForbiddenCharacters(child),
  );
  return element;
}
