/**
 * Extensible events (MSC1767) and the proposals built on them. A block may have its stable name or a name of its
 * proposals; the newest name is read first.
 */
import { z } from 'zod';

export type Fields = Record<string, unknown>;

export interface Words {
  plain: string;
  html?: string | undefined;
}

const TEXT = ['m.text', 'm.message', 'org.matrix.msc1767.message', 'org.matrix.msc1767.text'];
const HTML = ['m.html', 'org.matrix.msc1767.html'];
const MOST_BLOCKS = 32;

/** The value of the first of these names that is present and not null. */
export function versioned(fields: Fields, names: readonly string[]): unknown {
  for (const name of names) if (fields[name] !== undefined && fields[name] !== null) return fields[name];
  return undefined;
}

export function objectAt(fields: Fields, names: readonly string[]): Fields | undefined {
  for (const name of names) {
    const found = asObject(fields[name]);
    if (found) return found;
  }
  return undefined;
}

export function stringAt(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = fields[name];
    if (typeof found === 'string') return found;
  }
  return undefined;
}

export function asObject(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The text of an extensible event or of a block in it. undefined: it has none. */
export function wordsIn(value: unknown): Words | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { plain: value };
  if (Array.isArray(value)) return ofRepresentations(value);
  const fields = asObject(value);
  if (!fields) return undefined;
  for (const name of TEXT) {
    const found = wordsIn(fields[name]);
    if (found) return { html: stringAt(fields, HTML), ...found };
  }
  const [body, html] = [stringAt(fields, ['body']), stringAt(fields, ['formatted_body', ...HTML])];
  return body || html ? { plain: body ?? '', html } : undefined;
}

const Representation = z.looseObject({ body: z.string(), mimetype: z.string().optional().catch(undefined) });

/** One text in several media types: `[{ body, mimetype }]`. */
function ofRepresentations(list: unknown[]): Words | undefined {
  const parsed = list.slice(0, MOST_BLOCKS).flatMap((one) => Representation.safeParse(one).data ?? []);
  const of = (type: string) => parsed.find(({ mimetype }) => (mimetype ?? 'text/plain') === type)?.body;
  const html = of('text/html');
  const plain = of('text/plain') ?? (html === undefined ? parsed[0]?.body : undefined);
  return plain || html ? { plain: plain ?? '', html } : undefined;
}
