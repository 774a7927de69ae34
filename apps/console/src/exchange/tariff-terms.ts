/** Terms of tariffs: of one direction and class, and of a pair of networks as a whole. */
import { z } from 'zod';
import { ShareRules } from '#clearing';
import { ANY_NETWORK, Network, TRAFFIC_CLASSES } from '#protocol';
import { At } from '../http/dates.js';
import { Fee } from '../settlement/amount.js';

export const NetworkOrAny = z
  .union([Network, z.literal(ANY_NETWORK)])
  .describe('`*`: all networks without an agreement or tariff of their own');

const PRICE = {
  terminationFee: Fee.describe('Fee per unit for the network of the receiver, yuan'),
  switchFee: Fee.describe('Fee per unit for the hub, yuan'),
  billAndKeepPermille: z
    .int()
    .min(0)
    .max(1000)
    .optional()
    .describe(
      'Termination fees of a day are waived if both directions differ by at most this number of thousandths',
    ),
  shares: ShareRules.default([]),
};

export const TariffTerms = z
  .object({
    from: NetworkOrAny,
    to: NetworkOrAny,
    class: z.enum(TRAFFIC_CLASSES),
    validFrom: At,
    ...PRICE,
  })
  .meta({
    id: 'TariffTerms',
    examples: [
      {
        from: '*',
        to: '*',
        class: 'sms',
        validFrom: '2026-12-01T00:00:00+08:00',
        terminationFee: '0.03',
        switchFee: '0.001',
        shares: [{ party: 'integrator:east', part: 5, of: 50, from: 'receiver' }],
      },
    ],
  });
export type TariffTerms = z.infer<typeof TariffTerms>;

const DIRECTIONS = ['there', 'back'] as const;

export const PairTariffTerms = z
  .object({
    from: NetworkOrAny,
    to: NetworkOrAny,
    validFrom: At,
    fees: z
      .array(
        z.object({
          direction: z.enum(DIRECTIONS).describe('there: from `from` to `to`; back: the opposite direction'),
          class: z.enum(TRAFFIC_CLASSES),
          ...PRICE,
        }),
      )
      .min(1)
      .max(DIRECTIONS.length * TRAFFIC_CLASSES.length),
  })
  .refine(({ fees }) => new Set(fees.map((fee) => `${fee.direction} ${fee.class}`)).size === fees.length, {
    path: ['fees'],
    message: 'each direction and class is named once',
  })
  .refine(({ from, to, fees }) => from !== to || fees.every(({ direction }) => direction === 'there'), {
    path: ['fees'],
    message: 'both ends are the same: there is one direction',
  })
  .meta({
    id: 'PairTariffTerms',
    examples: [
      {
        from: 'fetion',
        to: 'wechat',
        validFrom: '2026-12-01T00:00:00+08:00',
        fees: [
          { direction: 'there', class: 'message', terminationFee: '0.03', switchFee: '0.001', shares: [] },
          { direction: 'back', class: 'message', terminationFee: '0.02', switchFee: '0.001', shares: [] },
        ],
      },
    ],
  });
export type PairTariffTerms = z.infer<typeof PairTariffTerms>;

/** The tariffs of a pair, one for each direction and class. */
export function tariffsOf({ from, to, validFrom, fees }: PairTariffTerms): TariffTerms[] {
  return fees.map(({ direction, ...price }) =>
    direction === 'there' ? { from, to, validFrom, ...price } : { from: to, to: from, validFrom, ...price },
  );
}
