/** Saved views in the REST API. */
import { z } from 'zod';
import { freeText } from '../http/free-text.js';

/** Views of one person, on all pages together. */
export const MOST_VIEWS = 100;
const MOST_FILTERS = 20;

/** Page of the web console, as its address has it. */
const ViewPath = z
  .string()
  .max(100)
  .regex(/^\/[a-z0-9-]*(?:\/[a-z0-9-]+)*$/, 'expected the path of a page, such as /networks');
const ViewSearch = z
  .record(
    z
      .string()
      .max(40)
      .regex(/^[a-zA-Z][a-zA-Z0-9-]*$/),
    z.string().max(500),
  )
  .refine((search) => Object.keys(search).length <= MOST_FILTERS, `at most ${MOST_FILTERS} filters`)
  .describe('Filters of the page, as they stand in its address')
  .meta({ maxProperties: MOST_FILTERS });

const fields = {
  path: ViewPath.describe('Page of the web console'),
  name: freeText(60).describe('Name, which is unique for this person on this page'),
  search: ViewSearch,
};
const example = { path: '/networks', name: 'Suspended networks', search: { filter: 'suspended' } };

export const NewSavedView = z.object(fields).meta({ id: 'NewSavedView', examples: [example] });
export type NewSavedView = z.infer<typeof NewSavedView>;

export const SavedView = z
  .object({ id: z.uuid(), ...fields })
  .meta({ id: 'SavedView', examples: [{ id: '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90', ...example }] });
export type SavedView = z.infer<typeof SavedView>;

export const SavedViews = z.object({ items: z.array(SavedView).max(MOST_VIEWS) }).meta({ id: 'SavedViews' });
