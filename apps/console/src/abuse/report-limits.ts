/** Limits the number of reports of a network and of a person in 24 hours, because the network of the accused has to answer each. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiProblem } from '#http';
import { REPORTER_RULES } from './reporter-rules.js';
import { RiskRepository } from './risk.repository.js';

const DAY_MS = 24 * 3600_000;

@Injectable()
export class ReportLimits {
  constructor(private readonly rows: RiskRepository) {}

  /** Called before a report is stored. Locks the network, so that concurrent reports are counted correctly. */
  async checkNetwork(manager: EntityManager, reporter: string, now: Date): Promise<void> {
    await this.rows.lock(manager, [reporter]);
    const { perDay, reliable } = await this.rows.reliabilityOf(manager, now, reporter);
    const { count, oldest } = await this.rows.reportsSince(manager, dayBefore(now), reporter);
    if (count < perDay) return;
    const why = reliable ? '' : ', fewer than others, because too many of your reports were dismissed';
    throw tooMany(
      `a network can make ${perDay} reports within 24 hours${why}: report the worst cases first, and block other senders with POST /v1/blocked`,
      oldest,
      now,
    );
  }

  /** Called when a report is stored. The person is the recipient of the message that the report names, if it was delivered. */
  async checkPerson(manager: EntityManager, report: string, reporter: string, now: Date): Promise<void> {
    const [person] = await this.rows.findComplainants(manager, now, report);
    if (person === undefined) return;
    const { count, oldest } = await this.rows.reportsSince(manager, dayBefore(now), reporter, person);
    if (count <= REPORTER_RULES.perPerson) return;
    throw tooMany(
      `one person can make ${REPORTER_RULES.perPerson} reports within 24 hours, which count once: block the sender with POST /v1/blocked`,
      oldest,
      now,
    );
  }
}

function dayBefore(now: Date): Date {
  return new Date(now.getTime() - DAY_MS);
}

function tooMany(detail: string, oldest: Date | null, now: Date): ApiProblem {
  const until = (oldest ?? now).getTime() + DAY_MS;
  const seconds = Math.max(1, Math.ceil((until - now.getTime()) / 1000));
  return new ApiProblem('too-many-requests', detail, { headers: { 'retry-after': String(seconds) } });
}
