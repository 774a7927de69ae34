/** Counts complaints and routed messages, and changes limited pairs and levels of networks. One console at a time does it. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditService, type Change as AuditEntry } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { RegistryService } from '../registry/registry.service.js';
import { NEW_REPORTER, type Reliability } from './reporter-rules.js';
import { RiskSteps } from './risk-steps.js';
import {
  explained,
  explainedPair,
  isPairLimited,
  memberFigures,
  nextRisk,
  pairFigures,
  RISK_RULES,
  type MemberFigures,
  type PairFigures,
} from './risk-rules.js';
import { RiskRepository, type Subject } from './risk.repository.js';

export interface Standing extends MemberFigures, Pick<Subject, 'network' | 'risk' | 'since' | 'unproven'> {
  limitedTowards: ({ network: string; since: Date } & PairFigures)[];
  /** Weight of the network as a reporter. */
  reporting: Reliability;
}

@Injectable()
export class RiskService {
  constructor(
    private readonly database: DataSource,
    private readonly rows: RiskRepository,
    private readonly steps: RiskSteps,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the networks whose level or limited pairs changed; undefined if another console is doing it */
  async judge(now: Date): Promise<string[] | undefined> {
    const stepped = await this.database.transaction(async (manager) => {
      if (!(await this.rows.tryLock(manager))) return undefined;
      await this.rows.count(manager, now);
      // All transactions take locks in this order: networks first, then the audit log.
      await this.rows.lock(manager, 'all');
      await this.rows.findComplainants(manager, now);
      const moved: string[] = [];
      const log: AuditEntry[] = [];
      for (const subject of await this.rows.subjects(manager, now)) {
        const pairs = await this.stepPairs(manager, subject, now, log);
        if ((await this.stepMember(manager, subject, now, log)) || pairs) moved.push(subject.network);
      }
      for (const entry of log) await this.audit.record(manager, entry);
      return moved;
    });
    if (stepped && stepped.length > 0) await this.registry.settled();
    return stepped;
  }

  async standing(network: string): Promise<Standing | undefined> {
    const [standing] = await this.standings(network);
    return standing;
  }

  /** @param only this network; default: all, sorted by name */
  async standings(only?: string): Promise<Standing[]> {
    const now = this.clock();
    const { manager } = this.database;
    const subjects = await this.rows.subjects(manager, now, only);
    const reporting = await this.rows.reliabilities(manager, now, only);
    return subjects.map((subject) => standingOf(subject, reporting.get(subject.network) ?? NEW_REPORTER));
  }

  private async stepPairs(
    manager: EntityManager,
    subject: Subject,
    now: Date,
    log: AuditEntry[],
  ): Promise<boolean> {
    let moved = false;
    const towards = new Set([...subject.destinations.map((one) => one.network), ...subject.limited.keys()]);
    for (const other of [...towards].sort()) {
      const figures = figuresTowards(subject, other);
      const since = subject.limited.get(other);
      const sinceMs = since === undefined ? 0 : now.getTime() - since.getTime();
      const limited = isPairLimited(since !== undefined, sinceMs, figures, RISK_RULES);
      if (limited === (since !== undefined)) continue;
      const why = { by: 'hub', reason: explainedPair(figures, RISK_RULES), now, log } as const;
      const step = limited ? 'limitPair' : 'freePair';
      if (await this.steps[step](manager, subject.network, other, why)) moved = true;
    }
    return moved;
  }

  private async stepMember(
    manager: EntityManager,
    subject: Subject,
    now: Date,
    log: AuditEntry[],
  ): Promise<boolean> {
    const { network, risk, since, destinations, complaints } = subject;
    const figures = memberFigures(destinations, complaints, RISK_RULES);
    const next = nextRisk(risk, now.getTime() - since.getTime(), figures, RISK_RULES);
    if (next === risk) return false;
    const reason = explained(risk, figures, RISK_RULES);
    await this.steps.moveMember(manager, network, { from: risk, to: next }, { by: 'hub', reason, now, log });
    return true;
  }
}

function standingOf(subject: Subject, reporting: Reliability): Standing {
  const { network, risk, since, unproven, destinations, complaints, limited } = subject;
  return {
    network,
    risk,
    since,
    unproven,
    ...memberFigures(destinations, complaints, RISK_RULES),
    limitedTowards: [...limited].map(([towards, begun]) => ({
      network: towards,
      since: begun,
      ...figuresTowards(subject, towards),
    })),
    reporting,
  };
}

function figuresTowards({ destinations, complaints }: Subject, towards: string): PairFigures {
  const destination = destinations.find(({ network }) => network === towards);
  return pairFigures(
    destination ?? { network: towards, operator: towards, sentOn: 0, weight: 1 },
    complaints,
  );
}
