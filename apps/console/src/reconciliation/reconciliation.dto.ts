/** Reconciliations in the REST API. */
import { z } from 'zod';
import { PageQuery, pageSchema } from '../http/page.js';
import { COMPARED } from './own-records.js';
import {
  DIFFERENCE_KINDS,
  MOST_LISTED,
  type DifferenceColumns,
  type ReconciliationRow,
} from './reconciliations.repository.js';

export const ReconciliationId = z.uuid();
const Kind = z
  .enum(DIFFERENCE_KINDS)
  .describe(
    '`only-own`: a record that only the member has. `only-billed`: one that only the clearing file has. `other-value`: both have it, with another value. `repeated`: it stands more than once in the own file',
  );

export const ReconciliationView = z
  .object({
    id: z.uuid(),
    date: z.string().max(40),
    network: z.string().max(40),
    at: z.string().max(40),
    own: z.int().describe('Own records that were sent'),
    billed: z.int().describe('Records in the clearing file'),
    same: z.int().describe('Records that both have, with the same values'),
    differences: z
      .object({
        'only-own': z.int(),
        'only-billed': z.int(),
        'other-value': z.int(),
        repeated: z.int(),
      })
      .describe(`Differences by kind. At most ${MOST_LISTED} of each kind are listed`),
  })
  .meta({ id: 'Reconciliation' });
export type ReconciliationView = z.infer<typeof ReconciliationView>;

export const RecordDifferenceView = z
  .object({
    kind: Kind,
    reference: z.string().max(300),
    toNetwork: z.string().max(300),
    field: z.enum(COMPARED).nullable().describe('The field with another value'),
    own: z.string().max(300).nullable().describe('Own value of the field; of a whole record, its price'),
    billed: z.string().max(300).nullable(),
    disputable: z
      .boolean()
      .describe(
        'true: `reference` and `toNetwork` name a billed record, with which `POST /v1/disputes` opens a dispute',
      ),
    dispute: z.uuid().nullable().describe('The newest dispute of the network about this record'),
  })
  .meta({ id: 'RecordDifference' });
export type RecordDifferenceView = z.infer<typeof RecordDifferenceView>;

export const ReconciliationPage = pageSchema('ReconciliationPage', ReconciliationView);
export const RecordDifferencePage = pageSchema('RecordDifferencePage', RecordDifferenceView);
export const RecordDifferenceQuery = PageQuery.extend({ kind: Kind.optional() });
export type RecordDifferenceQuery = z.infer<typeof RecordDifferenceQuery>;
export const FileQuery = z.object({ format: z.enum(['csv', 'ndjson']).default('csv') });
export type FileQuery = z.infer<typeof FileQuery>;

export function reconciliationView(row: ReconciliationRow): ReconciliationView {
  const { id, date, network, at, own, billed, same, counts } = row;
  return { id, date, network, at: at.toISOString(), own, billed, same, differences: counts };
}

export function recordDifferenceView(row: DifferenceColumns): RecordDifferenceView {
  const { kind, reference, to_network: toNetwork, field, own, billed, dispute } = row;
  const disputable = kind === 'only-billed' || kind === 'other-value';
  return { kind, reference, toNetwork, field, own, billed, disputable, dispute };
}
