/** Proposals to lift a measure against a network, or to dismiss complaints about it. */
import { z } from 'zod';
import { Network } from '#protocol';

export const RiskChange = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('risk.lift'),
      network: Network,
      towards: Network.nullable().describe(
        'Other network of the limited pair; null: the level of the network itself',
      ),
    }),
    z.object({
      kind: z.literal('risk.dismiss'),
      network: Network.describe('The network that the complaints are about'),
      reporter: Network.describe('Network whose open complaints are dismissed'),
    }),
  ])
  .meta({ id: 'RiskChange' });
export type RiskChange = z.infer<typeof RiskChange>;
