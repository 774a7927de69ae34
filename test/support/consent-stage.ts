/** A console with four networks, for plays about the confirmation of changes by members. */
import { ConsoleFixture, FIRST_ADMIN } from './console-fixture.js';
import type { ChangeView } from '../../apps/console/src/exchange/changes.js';

export const reason = 'a test';
export const DAY_MS = 24 * 3600_000;

export interface Proposal {
  method: string;
  path: string;
  body?: object;
  ifMatch?: boolean;
}

export class ConsentStage {
  private serial = 0;

  private constructor(
    readonly console: ConsoleFixture,
    private readonly time: { now: Date },
  ) {}

  static async open(): Promise<ConsentStage> {
    const time = { now: new Date('2026-06-01T12:00:00Z') };
    const console = await ConsoleFixture.of(['xmpp', 'matrix', 'fetion', 'yixin'], () => time.now);
    await console.sql(
      `INSERT INTO route (kind, key, network, since) VALUES ('prefix', '86139', 'fetion', now()), ('prefix', '86138', 'matrix', now())`,
    );
    return new ConsentStage(console, time);
  }

  get now(): Date {
    return this.time.now;
  }

  pass(ms: number): void {
    this.time.now = new Date(this.time.now.getTime() + ms);
  }

  operatorOf(network: string): string {
    return this.console.operators[network] ?? '';
  }

  async shown(id: string): Promise<ChangeView> {
    return (await this.console.call<ChangeView>(FIRST_ADMIN, 'GET', `/v1/changes/${id}`)).body;
  }

  answer(key: string, id: string, step: string) {
    return this.console.call<ChangeView>(key, 'POST', `/v1/changes/${id}/${step}`, { reason });
  }

  propose(by: string, { method, path, body }: Proposal, headers: Record<string, string> = {}) {
    return this.console.call<ChangeView>(by, method, path, body, headers);
  }

  /** @returns the id of the change, proposed by the first admin and approved by the second */
  async approved(proposal: Proposal): Promise<string> {
    const headers: Record<string, string> = proposal.ifMatch
      ? { 'if-match': (await this.console.call(FIRST_ADMIN, 'GET', proposal.path)).etag ?? '' }
      : {};
    const proposed = await this.propose(FIRST_ADMIN, proposal, headers);
    expect(proposed).toMatchObject({ status: 202, body: { state: 'proposed' } });
    expect((await this.console.approve(proposed.body.id)).status).toBe(200);
    return proposed.body.id;
  }

  /** Each in a time of its own, so that no two overlap. */
  nextDay(): Date {
    return new Date(Date.UTC(2027, 0, 1 + ++this.serial));
  }

  agreement(from: string, to: string) {
    const validFrom = this.nextDay();
    const validTo = new Date(validFrom.getTime() + DAY_MS / 2);
    return {
      from,
      to,
      classes: ['message'],
      validFrom: validFrom.toISOString(),
      validTo: validTo.toISOString(),
    };
  }

  addAgreement(from: string, to: string): Proposal {
    return { method: 'POST', path: '/v1/agreements', body: { terms: this.agreement(from, to), reason } };
  }

  /** Tables that changes of the exchange write, for comparison. */
  exchange(): Promise<object[]> {
    return this.console.sql(
      `SELECT (SELECT jsonb_agg(a ORDER BY id) FROM agreement a) AS agreements, (SELECT jsonb_agg(t ORDER BY id) FROM tariff t) AS tariffs,
         (SELECT jsonb_agg(r ORDER BY kind, key) FROM route r) AS routes, (SELECT value FROM setting WHERE key = 'phase') AS phase,
         (SELECT jsonb_agg(jsonb_build_array(slug, status) ORDER BY slug) FROM network) AS networks`,
    );
  }

  async unread(network: string): Promise<{ kind: string; subject: string; words: string }[]> {
    const path = '/v1/announcements?unread=true&limit=200';
    type Page = { items: { kind: string; subject: string; words: string }[] };
    return (await this.console.call<Page>(this.operatorOf(network), 'GET', path)).body.items;
  }
}
