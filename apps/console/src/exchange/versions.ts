/** Versions of an agreement, a tariff, a route or the phase, each with its difference to the one before. Pure functions. */
import { z } from 'zod';
import type { TrafficClass } from '#protocol';
import { decimalOf, millionths } from '../settlement/amount.js';
import type { ExchangeChange } from './changes.js';
import { differencesOf } from './differences.js';
import type { HistoryRow } from './history.repository.js';
import { tariffsOf, type TariffTerms } from './tariff-terms.js';

const TermDifference = z
  .object({
    field: z.string().max(200).describe('Nested fields are joined with dots'),
    before: z.string().max(4000).nullable(),
    after: z.string().max(4000).nullable(),
  })
  .meta({ id: 'TermDifference' });

export const VersionView = z
  .object({
    change: z.uuid().describe('Change that made this version'),
    kind: z.string().max(40),
    at: z.string().max(40).describe('Time at which it was applied'),
    reason: z.string().max(4000),
    proposer: z.string().max(300).nullable(),
    proposedAt: z.string().max(40),
    approver: z.string().max(300).nullable(),
    confirmedBy: z.array(z.string().max(40)).max(10_000).describe('Networks that confirmed it'),
    differences: z
      .array(TermDifference)
      .max(1000)
      .describe('To the version before; of the first one: all fields'),
  })
  .meta({ id: 'Version' });
export type VersionView = z.infer<typeof VersionView>;

/** Terms that are in force after a change; null: none. */
export type TermsAfter = (row: HistoryRow, before: object | null) => object | null;

/**
 * @param rows newest first, with one more than the versions that are shown, if there is one
 * @param limit maximum number of versions
 */
export function versionsOf(
  rows: readonly HistoryRow[],
  limit: number,
  termsAfter: TermsAfter,
): VersionView[] {
  let before: object | null = null;
  const versions: VersionView[] = [];
  for (const row of rows.toReversed()) {
    const after = termsAfter(row, before);
    versions.push({ ...viewOf(row), differences: differencesOf(before, after) });
    before = after;
  }
  return versions.reverse().slice(0, limit);
}

function viewOf(row: HistoryRow): Omit<VersionView, 'differences'> {
  return {
    change: row.id,
    kind: row.body.kind,
    at: row.ended_at.toISOString(),
    reason: row.reason,
    proposer: row.proposer,
    proposedAt: row.proposed_at.toISOString(),
    approver: row.approver,
    confirmedBy: row.confirmed_by,
  };
}

export const agreementAfter: TermsAfter = ({ body, ended_at }, before) => {
  if (body.kind === 'agreement.end') return { ...before, validTo: ended_at.toISOString() };
  return body.kind === 'agreement.add' || body.kind === 'agreement.replace' ? body.terms : before;
};

export const routeAfter: TermsAfter = ({ body }, before) => {
  if (body.kind === 'route.set') return { network: body.terms.network };
  return body.kind === 'route.remove' ? null : before;
};

export const phaseAfter: TermsAfter = ({ body }, before) => (body.kind === 'phase.set' ? body.terms : before);

export function tariffAfter(line: { from: string; to: string; class: TrafficClass }): TermsAfter {
  return ({ body }, before) => {
    const found = tariffsIn(body).find(
      ({ from, to, class: kind }) => from === line.from && to === line.to && kind === line.class,
    );
    return found ? feesOf(found) : before;
  };
}

function tariffsIn(body: ExchangeChange): TariffTerms[] {
  switch (body.kind) {
    case 'tariff.add':
      return [body.terms];
    case 'tariff.pair':
      return tariffsOf(body.terms);
    default:
      return [];
  }
}

/** Fees in their shortest form, so that 0.030 and 0.03 are no difference. */
function feesOf(terms: TariffTerms): object {
  const { validFrom, terminationFee, switchFee, billAndKeepPermille, shares } = terms;
  return {
    validFrom,
    terminationFee: decimalOf(millionths(terminationFee)),
    switchFee: decimalOf(millionths(switchFee)),
    billAndKeepPermille,
    shares,
  };
}
