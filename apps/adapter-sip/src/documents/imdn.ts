/** Disposition notifications (IMDN, RFC 5438): "delivered", "displayed", or what went wrong. Pure. */
import { child, escapeXml, readXml } from '#service';

export interface Imdn {
  messageId: string;
  status: 'delivered' | 'displayed' | 'failed';
}

export const IMDN_TYPE = 'message/imdn+xml';
const NAMESPACE = 'urn:ietf:params:xml:ns:imdn';
const LONGEST_ID = 256;

/** @returns undefined: no notification that means anything to us */
export function readImdn(text: string): Imdn | undefined {
  const root = readXml(text);
  if (!root || localName(root.name) !== 'imdn') return undefined;
  const find = (name: string) => root.children.find((one) => localName(one.name) === name);
  const messageId = find('message-id')?.text.trim() ?? '';
  if (messageId === '' || messageId.length > LONGEST_ID) return undefined;
  const stated = (name: string) =>
    find(name)
      ?.children.find((one) => localName(one.name) === 'status')
      ?.children.map((one) => localName(one.name))[0];
  if (stated('display-notification') === 'displayed') return { messageId, status: 'displayed' };
  const delivery = stated('delivery-notification');
  if (delivery === 'delivered') return { messageId, status: 'delivered' };
  if (delivery === 'failed' || delivery === 'error') return { messageId, status: 'failed' };
  return undefined;
}

export function printImdn(
  messageId: string,
  status: 'delivered' | 'displayed',
  { at, recipient }: { at: Date; recipient: string },
): string {
  const kind = status === 'delivered' ? 'delivery-notification' : 'display-notification';
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<imdn xmlns="${NAMESPACE}">` +
    `<message-id>${escapeXml(messageId)}</message-id><datetime>${at.toISOString()}</datetime>` +
    `<recipient-uri>${escapeXml(recipient)}</recipient-uri>` +
    `<${kind}><status><${status}/></status></${kind}></imdn>`
  );
}

export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The first child of that name, in whatever namespace prefix. */
export function localChild(...[element, name]: Parameters<typeof child>): ReturnType<typeof child> {
  return element?.children.find((one) => localName(one.name) === name);
}
