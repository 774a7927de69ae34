/** Preview of a change: decides the traffic of the last day again with the changed rules. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { ApiProblem } from '#http';
import { AgreementIndex, network, refusalOf, TRAFFIC_CLASSES, type Network, type Phase } from '#protocol';
import { agreementsOf, phaseOf } from '../registry/registry.repository.js';
import { applyChange } from './apply-change.repository.js';
import type { ExchangeChange } from './changes.js';
import { overLimits } from './over-limits.repository.js';
import { flowsSince, type Flow } from './traffic-flows.repository.js';

export const StoppedTraffic = z
  .object({
    since: z.string().max(40),
    stopped: z
      .array(
        z.object({
          from: z.string().max(40),
          to: z.string().max(40),
          class: z.enum(TRAFFIC_CLASSES),
          messages: z.int(),
          senders: z.int(),
          why: z.string().max(4000),
        }),
      )
      .max(100_000),
  })
  .meta({ id: 'StoppedTraffic', description: 'Empty: nothing that flowed in the last day would stop' });
export type StoppedTraffic = z.infer<typeof StoppedTraffic>;

interface Rules {
  agreements: AgreementIndex;
  phase: Phase;
}

const DAY_MS = 24 * 3600 * 1000;

@Injectable()
export class PreviewService {
  constructor(private readonly database: DataSource) {}

  /** @param only network of an operator, who may ask about changes of their own network only */
  async preview(change: ExchangeChange, only: string | undefined): Promise<StoppedTraffic> {
    const since = new Date(Date.now() - DAY_MS);
    if (only !== undefined && !concerns(change, only))
      throw new ApiProblem(
        'forbidden',
        `change: an operator of ${only} may only preview changes that concern ${only}`,
      );
    const runner = this.database.createQueryRunner();
    try {
      await runner.startTransaction('REPEATABLE READ');
      const flows = await flowsSince(runner.manager, since);
      const before = await rulesOf(runner.manager);
      await applyChange(runner.manager, change);
      const after = await rulesOf(runner.manager);
      const own = flows.filter(
        (flow) => only === undefined || [flow.from_network, flow.to_network].includes(only),
      );
      const now = new Date();
      const overdone = await refusedByLimits(runner.manager, own, since, { before, after }, now);
      return { since: since.toISOString(), stopped: [...stoppedBy(own, before, after, now), ...overdone] };
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  }
}

/** Removes refusals that would reveal agreements between other networks. */
function concerns(change: ExchangeChange, network: string): boolean {
  switch (change.kind) {
    case 'agreement.add':
    case 'tariff.add':
      return [change.terms.from, change.terms.to].includes(network as Network);
    case 'phase.set':
      return true;
    case 'agreement.replace':
    case 'agreement.end':
    case 'route.set':
    case 'route.remove':
    case 'number.port':
    case 'number.restore':
      return false;
  }
}

/** Traffic that was allowed and would be refused. Pure function. */
export function stoppedBy(flows: Flow[], before: Rules, after: Rules, now: Date): StoppedTraffic['stopped'] {
  return flows.flatMap((flow) => {
    const pair = { from: network(flow.from_network), to: network(flow.to_network) };
    const ask = ({ agreements, phase }: Rules) => refusalOf(agreements, phase, pair, flow.class, now);
    const why = ask(after);
    if (why === undefined || ask(before) !== undefined) return [];
    return [{ ...pair, class: flow.class, messages: flow.messages, senders: flow.senders, why }];
  });
}

/** Traffic that would still be allowed, with lower limits. */
async function refusedByLimits(
  manager: EntityManager,
  flows: Flow[],
  since: Date,
  { before, after }: { before: Rules; after: Rules },
  now: Date,
): Promise<StoppedTraffic['stopped']> {
  const pairs = new Map(flows.map((flow) => [`${flow.from_network} ${flow.to_network}`, flow]));
  const refused: StoppedTraffic['stopped'] = [];
  for (const { from_network, to_network } of pairs.values()) {
    const pair = { from: network(from_network), to: network(to_network) };
    const limitsIn = ({ agreements }: Rules) => agreements.of(pair.from, pair.to, now)?.limits ?? {};
    // Unchanged limits have let this traffic pass already.
    if (isDeepStrictEqual(limitsIn(before), limitsIn(after))) continue;
    for (const one of await overLimits(manager, pair, since, limitsIn(after)))
      if (refusalOf(after.agreements, after.phase, pair, one.class, now) === undefined)
        refused.push({ ...pair, ...one });
  }
  return refused;
}

async function rulesOf(manager: EntityManager): Promise<Rules> {
  return { agreements: new AgreementIndex(await agreementsOf(manager)), phase: await phaseOf(manager) };
}
