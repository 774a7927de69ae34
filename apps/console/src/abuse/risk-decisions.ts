/** Applies decisions of two admins: a measure is lifted, or complaints are dismissed and count against the reporting network. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { AuditService, type Change as AuditEntry } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { REPORTER_RULES, type Reliability } from './reporter-rules.js';
import type { RiskChange } from './risk-changes.js';
import { RiskSteps, type StepReason } from './risk-steps.js';
import { heldLevel, memberFigures, RISK_RULES } from './risk-rules.js';
import { RiskRepository } from './risk.repository.js';

type Lift = Extract<RiskChange, { kind: 'risk.lift' }>;
type Dismissal = Extract<RiskChange, { kind: 'risk.dismiss' }>;

@Injectable()
export class RiskDecisions {
  constructor(
    private readonly rows: RiskRepository,
    private readonly steps: RiskSteps,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async apply(manager: EntityManager, by: ApiKeyRow, change: RiskChange, reason: string): Promise<void> {
    const log: AuditEntry[] = [];
    const why: StepReason = { by, reason, now: this.clock(), log };
    switch (change.kind) {
      case 'risk.lift':
        await this.lift(manager, change, why);
        break;
      case 'risk.dismiss':
        await this.dismiss(manager, change, why);
    }
    for (const entry of log) await this.audit.record(manager, entry);
  }

  /** Closes the reports that caused the measure, so that they do not cause it again. */
  private async lift(manager: EntityManager, { network, towards }: Lift, given: StepReason): Promise<void> {
    const from = (await this.rows.lock(manager, [network])).get(network);
    if (from === undefined) throw new ApiProblem('not-found', `no network ${network}`);
    const why = { ...given, reason: `two admins lifted the step: ${given.reason}` };
    await this.rows.close(manager, network, towards, 'lifted', why.now);
    if (towards !== null) {
      if (!(await this.steps.freePair(manager, network, towards, why)))
        throw new ApiProblem('conflict', `messages from ${network} to ${towards} are not limited`);
      return;
    }
    if (from === 'normal') throw new ApiProblem('conflict', `the risk level of ${network} is normal`);
    await this.steps.moveMember(manager, network, { from, to: 'normal' }, why);
  }

  private async dismiss(
    manager: EntityManager,
    { network, reporter }: Dismissal,
    { reason, now, ...given }: StepReason,
  ): Promise<void> {
    const from = (await this.rows.lock(manager, [network, reporter])).get(network);
    if (from === undefined) throw new ApiProblem('not-found', `no network ${network}`);
    await this.rows.findComplainants(manager, now);
    const before = await this.rows.reliabilityOf(manager, now, reporter);
    const dismissed = await this.rows.close(manager, network, reporter, 'dismissed', now);
    if (dismissed === 0)
      throw new ApiProblem('conflict', `there is no open report by ${reporter} about ${network}`);
    const after = await this.rows.reliabilityOf(manager, now, reporter);
    await this.steps.tell(manager, reporter, wordsForReporter(network, dismissed, reason, before, after));
    const why = {
      ...given,
      now,
      reason: `two admins dismissed ${dismissed} reports by ${reporter}: ${reason}`,
    };
    await this.steps.freePair(manager, network, reporter, why);
    const [subject] = await this.rows.subjects(manager, now, network);
    if (!subject) return;
    const figures = memberFigures(subject.destinations, subject.complaints, RISK_RULES);
    const to = heldLevel(from, figures, RISK_RULES);
    if (to !== from) await this.steps.moveMember(manager, network, { from, to }, why);
  }
}

function wordsForReporter(
  accused: string,
  dismissed: number,
  reason: string,
  before: Reliability,
  after: Reliability,
): string {
  const { windowDays, dismissedShare } = REPORTER_RULES;
  const lead = `Two admins dismissed ${dismissed} of your reports about ${accused}: ${reason}. They no longer count.`;
  const record = ` In ${windowDays} days ${after.dismissed} of ${after.dismissed + after.standing} complaining people were dismissed.`;
  if (after.reliable) return lead + record;
  const since = before.reliable ? 'From now on' : 'As before,';
  return (
    `${lead}${record} That is ${dismissedShare * 100} % or more. ${since} your complaints weigh ${after.weight} of others' and you ` +
    `may make ${after.perDay} reports in 24 hours, until the dismissed ones are older than ${windowDays} days. To object, write to the admins of the hub.`
  );
}
