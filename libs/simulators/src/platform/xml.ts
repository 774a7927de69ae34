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

/** Numbers are written without CDATA, like CreateTime and MsgId; an id above 2^53 is passed as a string of digits. */
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

/** @throws Error if the root is not an element `xml` */
export function fromXml(text: string): Fields {
  const document = parser.parse(text, true) as { xml?: Fields | string };
  if (typeof document.xml !== 'object') throw new Error('not the XML of a platform');
  return document.xml;
}
