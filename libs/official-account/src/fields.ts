/**
 * The fields of a callback. Well-formed XML is parsed as XML, anything else field by field, as the platforms write them:
 * `<Name>value</Name>` or `<Name><![CDATA[value]]></Name>`, one after the other. A document type is skipped, and none of
 * its entities is expanded. Pure.
 */
import { readXml, unescapeXml, type XmlElement } from '#service';

/** A callback has at most 20 fields; each field that has no end costs one pass over the text. */
const MOST_FIELDS = 100;
const START = /<([A-Za-z_][\w.-]{0,63})(?:\s[^<>]{0,200})?>/y;
const ROOT = 'xml';
const [CDATA, CDATA_END] = ['<![CDATA[', ']]>'];

/** @returns undefined when the text contains no field */
export function readFields(text: string): XmlElement | undefined {
  const strict = readXml(text);
  if (strict) return strict.children.length > 0 ? strict : undefined;
  const children = readLoosely(text);
  return children.length > 0 ? { name: ROOT, attributes: {}, children, text: '' } : undefined;
}

function readLoosely(text: string): XmlElement[] {
  const fields: XmlElement[] = [];
  let at = text.indexOf('<');
  for (let tries = 0; at >= 0 && tries < MOST_FIELDS; at = text.indexOf('<', at)) {
    START.lastIndex = at;
    const [tag = '', name = ''] = START.exec(text) ?? [];
    if (tag === '' || name === ROOT) {
      at += Math.max(tag.length, 1);
      continue;
    }
    tries++;
    const value = valueAt(text, at + tag.length, name);
    if (value) fields.push({ name, attributes: {}, children: [], text: value.text });
    at = value?.end ?? at + tag.length;
  }
  return fields;
}

/** @returns undefined when the field has no end */
function valueAt(text: string, from: number, name: string): { text: string; end: number } | undefined {
  let value = '';
  let at = from;
  while (text.startsWith(CDATA, at)) {
    const end = text.indexOf(CDATA_END, at);
    if (end < 0) return undefined;
    value += text.slice(at + CDATA.length, end);
    at = end + CDATA_END.length;
  }
  const close = text.indexOf(`</${name}>`, at);
  if (close < 0) return undefined;
  return { text: value + unescapeXml(text.slice(at, close)), end: close + name.length + 3 };
}
