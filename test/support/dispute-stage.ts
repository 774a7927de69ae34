/** A stage for disputes: a console whose clock the play moves, two operators, one of neither side, an admin and an auditor. */
import type { DataSource } from 'typeorm';
import { AnnouncementsRepository } from '../../apps/console/src/announcements/announcements.repository.js';
import { AuditService } from '../../apps/console/src/audit/audit.service.js';
import { DisputeSteps } from '../../apps/console/src/disputes/dispute-steps.js';
import { DisputeSweeper } from '../../apps/console/src/disputes/dispute.sweeper.js';
import type { DisputeDetail } from '../../apps/console/src/disputes/disputes.dto.js';
import { DisputesService } from '../../apps/console/src/disputes/disputes.service.js';
import { AdjustmentsRepository } from '../../apps/console/src/settlement/adjustments.repository.js';
import { AdjustmentsService } from '../../apps/console/src/settlement/adjustments.service.js';
import { SettlementNews } from '../../apps/console/src/settlement/settlement-news.js';
import { ConsoleFixture, SECOND_ADMIN, type Answer } from './console-fixture.js';
import { quiet } from './hub-fixture.js';

export const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
export const SAYS = { text: 'Please.' };
export const SHOWS = { text: 'Here it is.', envelopeHash: HASH };
export const THE_CLAIM = [{ from_party: 'matrix', to_party: 'xmpp', amount: '50000', business_date: null }];
export const DAY_MS = 24 * 3600_000;

/** The operators of xmpp, matrix and fetion, and the people of the switch. */
const PEOPLE = ['alpha', 'beta', 'gamma', 'admin', 'secondAdmin', 'auditor'] as const;
export const [alpha, beta, gamma, admin, secondAdmin, auditor] = PEOPLE;
export type Person = (typeof PEOPLE)[number];

export function claim(reference: string, more: object = {}) {
  const evidence = { text: 'Nothing came.', envelopeHash: HASH };
  return { reference, toNetwork: 'matrix', kind: 'not_delivered', amount: '0.05', evidence, ...more };
}

function disputesOver(database: DataSource, clock: () => Date): DisputesService {
  const news = new SettlementNews(new AnnouncementsRepository(database));
  const adjustments = new AdjustmentsService(new AdjustmentsRepository(database), news, clock);
  const steps = new DisputeSteps(new AuditService(database), clock, news, adjustments);
  return new DisputesService(database, steps, clock);
}

/** Call it where tests are described: it opens before them and closes after them. */
export function disputeStage() {
  let time = new Date('2026-03-01T12:00:00Z');
  let hub: ConsoleFixture;
  let keys: Record<Person, string>;
  let records = 0;
  const warnings: string[] = [];
  const log = Object.assign(Object.create(quiet) as typeof quiet, {
    warn: ({ reason }: { reason: string }) => void warnings.push(reason),
  });

  beforeAll(async () => {
    hub = await ConsoleFixture.open(() => time);
    await hub.call(hub.keys.admin, 'POST', '/v1/networks', { network: 'fetion', name: 'Fetion' });
    const { operator, ...others } = hub.keys;
    keys = {
      ...others,
      secondAdmin: SECOND_ADMIN,
      alpha: operator,
      beta: await hub.key('matrix people', 'operator', 'matrix'),
      gamma: await hub.key('fetion people', 'operator', 'fetion'),
    };
  });

  afterAll(() => hub?.close());

  const stage = {
    warnings,
    now: () => time,
    later: (days: number): void => void (time = new Date(time.getTime() + days * DAY_MS)),
    database: () => hub.database,
    databaseUrl: () => hub.settings.DATABASE_URL,
    sql: <Row>(query: string, parameters?: unknown[]) => hub.sql<Row>(query, parameters),

    call: <T = Record<string, unknown>>(
      person: Person,
      method: string,
      path: string,
      body?: object,
      headers?: Record<string, string>,
    ): Promise<Answer<T>> => hub.call<T>(keys[person], method, path, body, headers),

    /** A message from xmpp to matrix that was billed; `more` says in what it differs. */
    aRecord: async (
      ended = time,
      more: { to?: string; atSwitch?: boolean; complete?: boolean } = {},
    ): Promise<string> => {
      const { to = 'matrix', atSwitch = false, complete = true } = more;
      const reference = `reference-${++records}`;
      await hub.sql(
        `INSERT INTO detail_record (reference, from_network, to_network, class, units, ended_at, outcome, code, from_party, to_party, at_switch, business_date)
         VALUES ($1, 'xmpp', $3, 'message', 1, $2, 'delivered', '00', 'a', 'b', $4, $5)`,
        [reference, ended, to, atSwitch, complete ? ended : null],
      );
      return reference;
    },

    /** Alpha claims 0.05 yuan from beta. */
    opened: async (more: object = {}): Promise<DisputeDetail> => {
      const body = claim(await stage.aRecord(), more);
      const answer = await stage.call<DisputeDetail>(alpha, 'POST', '/v1/disputes', body);
      expect(answer.status).toBe(201);
      return answer.body;
    },

    does: <T = DisputeDetail>(
      person: Person,
      { id, version }: { id: string; version: number },
      step: string,
      body: object = SAYS,
    ): Promise<Answer<T>> =>
      stage.call<T>(person, 'POST', `/v1/disputes/${id}/${step}`, body, { 'if-match': `"${version}"` }),

    climbs: async (dispute: DisputeDetail, ...steps: [Person, string, object?][]): Promise<DisputeDetail> => {
      let at = dispute;
      for (const [person, step, body] of steps) {
        const answer = await stage.does(person, at, step, body);
        expect(answer).toMatchObject({ status: 200 });
        at = answer.body;
      }
      return at;
    },

    approves: (person: Person, change: string) =>
      stage.call(person, 'POST', `/v1/changes/${change}/approve`, { reason: 'agreed' }),

    /** The admin, and the second one agrees. */
    rules: async (dispute: DisputeDetail, ruling: { for: string; text: string }): Promise<DisputeDetail> => {
      const proposed = await stage.does<{ id: string }>(admin, dispute, 'arbitrate', ruling);
      expect(await stage.approves(secondAdmin, proposed.body.id)).toMatchObject({ status: 200 });
      return stage.shown(dispute.id);
    },

    /** Up to where beta has to represent. */
    chargedBack: async (): Promise<DisputeDetail> => {
      const start = await stage.opened();
      return stage.climbs(
        start,
        [alpha, 'request-evidence'],
        [beta, 'answer', SHOWS],
        [alpha, 'charge-back'],
      );
    },

    shown: async (id: string, person: Person = alpha): Promise<DisputeDetail> => {
      return (await stage.call<DisputeDetail>(person, 'GET', `/v1/disputes/${id}`)).body;
    },

    posted: (id: string) =>
      hub.sql<{ from_party: string; to_party: string; amount: string; business_date: null }>(
        'SELECT from_party, to_party, amount, business_date FROM adjustment WHERE dispute = $1',
        [id],
      ),

    /** As another console has one. */
    sweeperOver: (database: DataSource): DisputeSweeper =>
      new DisputeSweeper(
        disputesOver(database, () => time),
        log,
      ),

    sweeps: async (): Promise<number> => {
      return stage.sweeperOver(hub.database).round();
    },
  };
  return stage;
}
