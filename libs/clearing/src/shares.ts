/** Revenue shares: which other parties receive a part of a termination fee, and who pays it. */
import { z } from 'zod';
import type { Money } from './money.js';
import { IntegratorParty } from './parties.js';

/** The sender's network, for the part that it keeps of the fee that it collected. */
export const SENDER = 'sender';

export const ShareRule = z
  .object({
    party: z
      .union([z.literal(SENDER), IntegratorParty])
      .describe('integrator:<name>, or `sender`: the sending network keeps this part of the fee'),
    part: z.int().min(0),
    of: z.int().min(1).describe('part/of of the termination fee'),
    from: z.enum(['sender', 'receiver']).describe('On top of the fee, or out of what the receiver gets'),
  })
  .refine(({ part, of }) => part <= of, 'a part is not larger than the whole')
  .refine(({ party, from }) => party !== SENDER || from === 'receiver', 'nobody pays a share to himself')
  .meta({ id: 'ShareRule' });
export type ShareRule = z.infer<typeof ShareRule>;

/** All shares of one tariff. Those that the receiver pays sum to no more than the fee. */
export const ShareRules = z.array(ShareRule).max(16).refine(fits, 'more is shared out than the fee');

export interface Share {
  party: string;
  from: ShareRule['from'];
  amount: Money;
}

/**
 * Every share is rounded down; the remainder stays with the party that pays the share.
 * @returns passedOn: the part of the fee that the receiver's network keeps
 */
export function shareOut(fee: Money, rules: readonly ShareRule[]): { passedOn: Money; shares: Share[] } {
  const shares = rules.map(({ party, part, of, from }) => ({
    party,
    from,
    amount: (fee * BigInt(part)) / BigInt(of),
  }));
  const given = shares.filter(({ from }) => from === 'receiver');
  return { passedOn: given.reduce((left, { amount }) => left - amount, fee), shares };
}

function fits(rules: readonly ShareRule[]): boolean {
  const taken = rules.filter(({ from }) => from === 'receiver');
  const whole = taken.reduce((product, { of }) => product * BigInt(of), 1n);
  const sum = taken.reduce((total, { part, of }) => total + (whole / BigInt(of)) * BigInt(part), 0n);
  return sum <= whole;
}
