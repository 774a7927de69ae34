/** XML of the WeChat family: one flat or shallow element `xml`, texts in CDATA. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';

export type Fields = { [name: string]: string | number | Fields };

const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreAttributes: true,
  trimValues: true,
});
const builder = new XMLBuilder({ cdataPropName: '#cdata', processEntities: false });

/** Numbers go bare, as the platform writes CreateTime and MsgId; an id beyond 2^53 comes as a bigint-like string. */
export function toXml(fields: Fields, bare: readonly string[] = []): string {
  return builder.build({ xml: wrap(fields, bare) });
}

function wrap(fields: Fields, bare: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value === 'object') return [name, wrap(value, bare)];
      return [name, typeof value === 'number' || bare.includes(name) ? value : { '#cdata': value }];
    }),
  );
}

/** @throws Error for anything but an element `xml` */
export function fromXml(text: string): Fields {
  const document = parser.parse(text, true) as { xml?: Fields | string };
  if (typeof document.xml !== 'object') throw new Error('not the XML of a platform');
  return document.xml;
}
