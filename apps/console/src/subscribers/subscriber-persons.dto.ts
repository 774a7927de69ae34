/** One person with all numbers and addresses, as the API shows it. */
import { z } from 'zod';
import { Address, E164, Reach } from '#protocol';
import { REASONS } from './number-owner.js';

/** Maximum number of verified links that are followed from one person. */
export const MOST_FOLLOWED = 100;
/** Maximum number of blocks that are shown of all addresses of one person. */
export const MOST_BLOCKS = 200;
/** Each followed link adds one number and one address at most; each number leads to one more address. */
const MOST_NUMBERS = 200;
const MOST_ADDRESSES = 400;

export const OfPerson = z.object({
  of: z
    .union([E164, Address.max(1000)])
    .describe('A telephone number or an address of the person, in canonical form or another spelling'),
});

const Link = z.object({
  address: z.string().max(20_000),
  preferred: z.boolean(),
  findable: z.boolean(),
  since: z.iso.datetime().describe('When a code was returned from both ends'),
});

const PersonNumber = z.object({
  number: z.string().max(20),
  reason: z
    .enum(REASONS)
    .nullable()
    .describe(
      'Why the number leads there: it was ported; its owner linked it; the network serves its prefix; SMS only. null: it leads nowhere, or to another network than that of the operator who asks',
    ),
  network: z.string().max(40).nullable(),
  address: z.string().max(20_000).nullable(),
  prefix: z.string().max(20).nullable().describe('Prefix of the route, for `own` and `sms`'),
  since: z.iso.datetime().nullable().describe('Since when the port, the link or the route exists'),
  links: z.array(Link).max(MOST_FOLLOWED),
});

const PersonAddress = z.object({
  address: z.string().max(20_000),
  network: z.string().max(40),
  consent: z.object({
    reach: Reach,
    contacts: z.int().nonnegative().describe('Number of addresses that may write with reach `contacts`'),
    blocked: z.int().nonnegative().describe('Number of addresses that the person has blocked'),
    changedAt: z.iso.datetime().nullable(),
  }),
  blocks: z
    .array(
      z.object({
        id: z.uuid(),
        network: z
          .string()
          .max(40)
          .nullable()
          .describe('Network that the address cannot write to; null: all'),
        reason: z.string().max(4000),
        createdAt: z.iso.datetime(),
      }),
    )
    .max(MOST_BLOCKS),
});

export const SubscriberPerson = z
  .object({
    numbers: z.array(PersonNumber).max(MOST_NUMBERS),
    addresses: z.array(PersonAddress).max(MOST_ADDRESSES),
    more: z.boolean().describe(`true: only the first ${MOST_FOLLOWED} links were followed`),
  })
  .meta({
    id: 'SubscriberPerson',
    examples: [
      {
        numbers: [
          {
            number: '+8613900000001',
            reason: 'preferred',
            network: 'wechat',
            address: 'im:oabc123@wechat',
            prefix: null,
            since: '2026-12-01T02:00:00.000Z',
            links: [
              {
                address: 'im:oabc123@wechat',
                preferred: true,
                findable: true,
                since: '2026-12-01T02:00:00.000Z',
              },
            ],
          },
        ],
        addresses: [
          {
            address: 'im:oabc123@wechat',
            network: 'wechat',
            consent: { reach: 'all', contacts: 0, blocked: 2, changedAt: '2026-12-01T02:00:00.000Z' },
            blocks: [],
          },
        ],
        more: false,
      },
    ],
  });
export type SubscriberPerson = z.infer<typeof SubscriberPerson>;
