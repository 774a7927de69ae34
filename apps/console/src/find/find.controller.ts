import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { DeadLettersService } from '../dead-letters/dead-letters.service.js';
import { FindRepository, type HitRow } from './find.repository.js';
import { formsOf, letterIn, numberIn } from './forms.js';

const MOST_HITS = 50;
const KINDS = [
  'message',
  'address',
  'number',
  'network',
  'operator',
  'business-day',
  'statement',
  'dead-letter',
  'change',
  'dispute',
  'agreement',
  'person',
] as const satisfies HitRow['kind'][];
const FindQuery = z.object({
  q: z
    .string()
    .trim()
    .min(1)
    .max(4000)
    .describe('Any id: of a message, native, number, address, day, statement, dead letter …'),
});
const Hits = z
  .object({
    items: z
      .array(
        z.object({
          kind: z.enum(KINDS),
          id: z.string().max(20_000),
          words: z.string().max(50_000).nullable().describe('What it is, for people'),
          at: z.iso.datetime().nullable(),
        }),
      )
      .max(MOST_HITS),
  })
  .meta({
    id: 'Hits',
    examples: [
      {
        items: [
          {
            kind: 'message',
            id: 'wrOKBB5lLg5ylonWKfMy5cobNVe',
            words: 'im:13900000001@fetion → im:oabc123@wechat',
            at: '2026-12-01T02:00:00.000Z',
          },
        ],
      },
    ],
  });
type Hits = z.infer<typeof Hits>;

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/find')
export class FindController {
  constructor(
    private readonly rows: FindRepository,
    private readonly letters: DeadLettersService,
  ) {}

  @Get()
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Find whatever has an id',
    description:
      'Looks for messages by event id or native id, people by address or number, dead letters, business days, statements, networks, operators, changes, agreements, disputes and people of the exchange. An operator finds what belongs to their network.',
  })
  @ApiResponse({ status: 200, standardSchema: Hits })
  async find(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: FindQuery }) { q }: z.infer<typeof FindQuery>,
  ): Promise<Hits> {
    const forms = formsOf(q);
    const rows = await this.rows.find(q, forms, network);
    const named: HitRow[] = [
      ...(forms.address === undefined ? [] : [hit('address', forms.address)]),
      ...(forms.number === undefined ? [] : [hit('number', numberIn(q) ?? q)]),
      ...(await this.letter(letterIn(q), network)),
    ];
    return { items: [...named, ...rows].slice(0, MOST_HITS).map(view) };
  }

  private async letter(id: number | undefined, network: string | null): Promise<HitRow[]> {
    if (id === undefined) return [];
    const [letter] = await this.letters.list(id - 1, 1, undefined);
    const isOwn = letter?.id === id && (network === null || letter.network === network);
    return isOwn ? [hit('dead-letter', String(id))] : [];
  }
}

function hit(kind: HitRow['kind'], id: string): HitRow {
  return { kind, id, words: null, at: null };
}

function view({ kind, id, words, at }: HitRow): Hits['items'][number] {
  return { kind, id, words, at: at?.toISOString() ?? null };
}
