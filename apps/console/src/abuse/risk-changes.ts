/** Proposals to lift a measure against a network, or to dismiss complaints about it. */
import { z } from 'zod';
import { Network } from '#protocol';

export const RiskChange = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('risk.lift'),
      network: Network,
      towards: Network.nullable().describe(
        'The limited pair, by its other end; null: the level of the network itself',
      ),
    }),
    z.object({
      kind: z.literal('risk.dismiss'),
      network: Network.describe('That was complained about'),
      reporter: Network.describe('Whose open complaints about it are dismissed'),
    }),
  ])
  .meta({ id: 'RiskChange' });
export type RiskChange = z.infer<typeof RiskChange>;
