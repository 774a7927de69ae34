/** Who talks to whom, in the REST API. */
import { z } from 'zod';
import { ARRIVAL_FORMS } from '#degradation';
import { Feature, FEATURES, TRAFFIC_CLASSES } from '#protocol';
import { AgreementView } from '../exchange/agreements.controller.js';
import { TariffView } from '../exchange/tariffs.controller.js';

/** Most networks, and most ordered pairs of networks, in one answer. */
export const MOST_NODES = 1000;
export const MOST_EDGES = 5000;

const Count = z.int().nonnegative();
const Slug = z.string().max(100);
const traffic = {
  messages: Count.describe('Messages of the range that the switch sent on to the destination'),
  failed: Count.describe('Messages of the range that failed'),
};

const Node = z.object({
  network: Slug,
  state: z
    .enum(['available', 'unavailable', 'suspended'])
    .describe('unavailable: no adapter is signed on, or it has no connection to its network'),
});
export type TopologyNode = z.infer<typeof Node>;

const Edge = z.object({ from: Slug, to: Slug, ...traffic });
export type TopologyEdge = z.infer<typeof Edge>;

export const TopologyView = z
  .object({
    at: z.iso.datetime().describe('Time of these figures'),
    nodes: z.array(Node).max(MOST_NODES).describe('Networks that take part, by name'),
    edges: z
      .array(Edge)
      .max(MOST_EDGES)
      .describe('Ordered pairs of networks with traffic in the range, the busiest first'),
    more: z.boolean().describe('true: there are more pairs than this answer can have'),
  })
  .meta({ id: 'Topology' });
export type TopologyView = z.infer<typeof TopologyView>;

const Arrival = z.object({
  feature: Feature,
  form: z
    .enum(ARRIVAL_FORMS)
    .describe(
      'absent: people of the source network do not have the feature; words: as a text; refused: with code 12',
    ),
  words: z.string().max(500).nullable().describe('The text, for the form `words`'),
});

export const TopologyPair = z
  .object({
    at: z.iso.datetime().describe('Time of these figures'),
    from: Slug,
    to: Slug,
    ...traffic,
    failedByCode: z.array(z.object({ code: z.string().max(10), messages: Count })).max(100),
    agreement: AgreementView.nullable().describe('The agreement in force'),
    refusal: z
      .string()
      .max(500)
      .nullable()
      .describe('Why the two may not exchange messages, and what to do; null: they may'),
    tariffs: z
      .array(TariffView)
      .max(TRAFFIC_CLASSES.length)
      .describe('The tariff in force of each class; without one it is free'),
    arrivals: z
      .array(Arrival)
      .max(FEATURES.length)
      .describe('What arrives as what; empty until both adapters have declared their capabilities'),
  })
  .meta({ id: 'TopologyPair' });
export type TopologyPair = z.infer<typeof TopologyPair>;
