/** Preview of a change: decides and prices the traffic of the last day again with the changed rules. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { tariffBook } from '#clearing';
import { allTariffs } from '#clearing-store';
import { ApiProblem } from '#http';
import { AgreementIndex, ANY_NETWORK } from '#protocol';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { undone } from '../core/undone.js';
import { networksNotGone } from '../networks/network-slugs.repository.js';
import { agreementsOf, phaseOf } from '../registry/registry.repository.js';
import type { ExchangeChange } from './changes.js';
import { agreementOfNetwork } from './agreements.repository.js';
import { applyChange } from './apply-change.repository.js';
import { overLimits } from './over-limits.repository.js';
import {
  absentAfter,
  alteredLimits,
  effectOf,
  momentsOf,
  unknownEffect,
  type Comparison,
  type Rules,
} from './preview-effect.js';
import type { ChangePreview, PreviewableChange } from './preview.dto.js';
import { mustNotBePast } from './tariff-date.js';
import { routeEffect, targetOf } from './route-effect.js';
import { movedTraffic, noteTraffic, type RouteTarget } from './routed-traffic.repository.js';
import { flowsSince } from './traffic-flows.repository.js';

type Effect = Omit<ChangePreview, 'since' | 'until'>;

const DAY_MS = 24 * 3600 * 1000;

@Injectable()
export class PreviewService {
  constructor(
    private readonly database: DataSource,
    private readonly reads: BoundedReads,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * @param only network of an operator, who sees own traffic only
   * @throws ApiProblem as the proposal of the change would
   */
  async preview(change: PreviewableChange, only: string | null): Promise<ChangePreview> {
    if (only !== null) await this.mustConcern(change, only);
    const now = this.clock();
    const since = new Date(now.getTime() - DAY_MS);
    const target = targetOf(change);
    const effect = await (target
      ? this.ofRoutes(change as ExchangeChange, target, since, now)
      : this.ofTerms(change, only, since, now));
    return { since: since.toISOString(), until: now.toISOString(), ...effect };
  }

  /** Routes decide about numbers and domains, which only the trace has. */
  private async ofRoutes(
    change: ExchangeChange,
    target: RouteTarget,
    since: Date,
    now: Date,
  ): Promise<Effect> {
    const counted = await this.reads.tryToDo(async (manager) => {
      const count = await noteTraffic(manager, since, target);
      await applyChange(manager, change);
      return routeEffect(await movedTraffic(manager, target), count, await rulesOf(manager), now);
    });
    return counted === 'too long' ? unknownEffect() : counted.read;
  }

  private async ofTerms(
    change: PreviewableChange,
    only: string | null,
    since: Date,
    now: Date,
  ): Promise<Effect> {
    const comparison = await this.compare(change, now);
    const counted = await this.reads.tryToRead(async (manager) => {
      const flows = await flowsSince(manager, since, only);
      const limited = alteredLimits(flows, comparison);
      const refused = limited.length > 0 ? await overLimits(manager, limited, since) : [];
      return effectOf(flows, refused, comparison);
    });
    return counted === 'too long' ? unknownEffect() : counted.read;
  }

  private async compare(change: PreviewableChange, now: Date): Promise<Comparison> {
    const moments = momentsOf(change, now);
    return undone(this.database, async (manager) => {
      const before = await rulesOf(manager);
      switch (change.kind) {
        case 'network.suspend':
        case 'network.remove':
        case 'network.leave':
        case 'network.enable': {
          if ((await networksNotGone(manager, [change.network])).length === 0)
            throw new ApiProblem('not-found', `no network ${change.network}`);
          const absent = absentAfter(change);
          const after = absent === undefined ? before : { ...before, absent };
          return { before, after, moments: change.kind === 'network.leave' ? moments.slice(-1) : moments };
        }
        case 'tariff.add':
        case 'tariff.pair':
          mustNotBePast(change.terms.validFrom, now);
          await applyChange(manager, change);
          return { before, after: await rulesOf(manager), moments };
        default: {
          await applyChange(manager, change);
          // By the clock of the database it ends this instant, which the clock of this process may not have reached.
          const ended = change.kind === 'agreement.end' ? change.id : undefined;
          return { before, after: await rulesOf(manager, ended), moments };
        }
      }
    });
  }

  /**
   * An operator previews what concerns their network. Refusals of other changes could reveal agreements between other networks.
   * @throws ApiProblem
   */
  private async mustConcern(change: PreviewableChange, only: string): Promise<void> {
    const isOwn = (...networks: string[]) => networks.some((one) => one === only || one === ANY_NETWORK);
    const refused = new ApiProblem(
      'forbidden',
      `change: an operator of ${only} may only preview changes that concern ${only}`,
    );
    switch (change.kind) {
      case 'agreement.add':
      case 'tariff.add':
      case 'tariff.pair':
        if (!isOwn(change.terms.from, change.terms.to)) throw refused;
        return;
      case 'agreement.replace':
        if (!isOwn(change.terms.from, change.terms.to)) throw refused;
        return this.mustSee(change.id, only);
      case 'agreement.end':
        return this.mustSee(change.id, only);
      case 'phase.set':
        return;
      case 'network.leave':
      case 'network.suspend':
      case 'network.enable':
      case 'network.remove':
        if (change.network !== only) throw refused;
        return;
      case 'route.set':
      case 'route.remove':
      case 'number.port':
      case 'number.restore':
        throw refused;
    }
  }

  private async mustSee(agreement: string, only: string): Promise<void> {
    if (!(await agreementOfNetwork(this.database, only, agreement)))
      throw new ApiProblem('not-found', `no agreement ${agreement}`);
  }
}

/** @param ended agreement that is over */
async function rulesOf(manager: EntityManager, ended?: string): Promise<Rules> {
  const agreements = await agreementsOf(manager);
  return {
    agreements: new AgreementIndex(agreements.filter(({ id }) => id !== ended)),
    phase: await phaseOf(manager),
    tariffs: tariffBook(await allTariffs(manager)),
  };
}
