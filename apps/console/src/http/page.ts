/** Lists in pages. The cursor is opaque for clients and names the last row of the page. */
import { z } from 'zod';
import { ApiProblem } from '#http';
import { Moment } from './dates.js';
import { isStorable } from './free-text.js';

/** Maximum number of items in one page. */
const MOST_ITEMS = 200;

export const PageQuery = z.object({
  cursor: z.string().max(500).optional().describe('`next` of the previous page'),
  limit: z.coerce.number().int().min(1).max(MOST_ITEMS).default(50),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageSchema<Item extends z.ZodType>(id: string, item: Item) {
  return z
    .object({
      items: z.array(item).max(MOST_ITEMS),
      next: z.string().max(4000).nullable().describe('Value of `cursor` for the next page'),
    })
    .meta({ id });
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** @param rows one more than `limit` if there are more */
export function pageOf<Row, Item>(
  rows: Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number)[],
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next =
    rows.length > limit && last ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null;
  return { items: shown.map(view), next };
}

/** The key of the last row, from `keyOf`. @throws ApiProblem invalid */
function cursorOf(cursor: string | undefined): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown;
    return z
      .array(z.union([z.string().max(4000).refine(isStorable), z.int()]))
      .max(4)
      .parse(key);
  } catch {
    throw new ApiProblem('invalid', 'cursor: not a cursor of this list');
  }
}

/** The key of a list by name. */
export const NameKey = z.tuple([z.string().max(4000)]);

/** The key of a list by time. */
export const MomentKey = z.tuple([Moment, z.uuid()]);
export type MomentKey = z.infer<typeof MomentKey>;

/** The same, for a list whose key has this form. @throws ApiProblem invalid */
export function keyAfter<Key extends z.ZodType>(
  cursor: string | undefined,
  form: Key,
): z.output<Key> | undefined {
  const key = cursorOf(cursor);
  if (key === undefined) return undefined;
  const { success, data } = form.safeParse(key);
  if (!success) throw new ApiProblem('invalid', 'cursor: not a cursor of this list');
  return data;
}
