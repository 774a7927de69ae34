/** What an approved change does: in the transaction of its approval, and for the switch afterwards. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { RiskDecisions } from '../abuse/risk-decisions.js';
import { DeparturesService } from '../members/departures.service.js';
import { MembersService } from '../members/members.service.js';
import { SuspensionsService } from '../members/suspensions.service.js';
import { CLOCK, type Clock } from '../clock.js';
import { DisputesService } from '../disputes/disputes.service.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { SettlementService } from '../settlement/settlement.service.js';
import { isGoverned } from '../people/governed-changes.js';
import { GovernedEffects } from '../people/governed-effects.js';
import { applyChange } from './apply-change.js';
import type { ExchangeChange, ProposedChange } from './changes.js';
import { touchedEntries } from './touched-entries.js';
import { mustNotBePast } from './tariff-date.js';

export interface Step {
  /** Whose approval or confirmation was the last that was needed. */
  by: ApiKeyRow;
  proposedBy: string;
  reason: string;
}

@Injectable()
export class ChangeEffects {
  constructor(
    @Inject(RegistryService) private readonly registry: RegistryService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(SettlementService) private readonly settlement: SettlementService,
    @Inject(DisputesService) private readonly disputes: DisputesService,
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(SuspensionsService) private readonly suspensions: SuspensionsService,
    @Inject(DeparturesService) private readonly departures: DeparturesService,
    @Inject(RiskDecisions) private readonly risks: RiskDecisions,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(GovernedEffects) private readonly governed: GovernedEffects,
  ) {}

  /** What a proposal is tried out with, in a transaction that is rolled back: nothing outside the database happens. */
  async check(
    manager: EntityManager,
    change: ProposedChange,
    { by, reason }: Pick<Step, 'by' | 'reason'>,
  ): Promise<void> {
    if (!isGoverned(change)) return this.apply(manager, change, { by, proposedBy: by.id, reason });
    await this.governed.check(manager, change, { by, createdBy: by.id, approvedBy: null });
  }

  /** @throws ApiProblem when what it is about is not what it was when it was proposed */
  async apply(
    manager: EntityManager,
    change: ProposedChange,
    { by, proposedBy, reason }: Step,
  ): Promise<void> {
    if (isGoverned(change))
      return this.governed.apply(manager, change, { by, createdBy: proposedBy, approvedBy: by.id });
    switch (change.kind) {
      case 'difference.resolve':
        await this.settlement.resolve(manager, by, change);
        return;
      case 'dispute.rule':
        await this.disputes.rule(manager, by, change);
        return;
      case 'dispute.review':
        await this.disputes.review(manager, by, change);
        return;
      case 'network.suspend':
        return this.suspensions.suspendUntilFurtherNotice(manager, by, change.network, reason);
      case 'network.enable':
        await this.members.moveIn(manager, by, change.network, 'enable', reason);
        return;
      case 'network.remove':
        await this.members.moveIn(manager, by, change.network, 'remove', reason);
        return;
      case 'network.leave': {
        const departure = { at: new Date(change.at), notice: undefined };
        return this.departures.leaveIn(manager, by, change.network, departure, reason);
      }
      case 'risk.lift':
      case 'risk.dismiss':
        return this.risks.apply(manager, by, change, reason);
      default:
        return this.exchange(manager, change);
    }
  }

  private async exchange(manager: EntityManager, change: ExchangeChange): Promise<void> {
    if (change.kind === 'tariff.add') mustNotBePast(change.terms.validFrom, this.clock());
    const touched = await touchedEntries(manager, change);
    await applyChange(manager, change);
    await this.registry.changed(manager, ...touched);
  }

  async announce(change: ProposedChange): Promise<void> {
    if (isGoverned(change)) return this.governed.announce(change);
    switch (change.kind) {
      case 'number.port':
        return this.directory.changed(change.terms.number);
      case 'number.restore':
        return this.directory.changed(change.number);
      case 'difference.resolve':
      case 'dispute.rule':
      case 'dispute.review':
        return;
      case 'network.suspend':
        return this.members.committed({ network: change.network, action: 'suspend' });
      case 'network.enable':
        return this.members.committed({ network: change.network, action: 'enable' });
      case 'network.remove':
        return this.members.committed({ network: change.network, action: 'remove' });
      case 'network.leave':
        return this.members.committed({ network: change.network, action: 'leave' });
      default:
        await this.registry.settled();
    }
  }
}
