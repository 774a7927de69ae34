/** Departures: tells everybody whom one concerns, once, and closes the network on its day. Any number of consoles may run it. */
import type { DataSource } from 'typeorm';
import { NetworkRow } from '#database';
import { type Address } from '#protocol';
import { Recurring, type Log } from '#service';
import type { NoticeSender } from '../subscribers/notice-sender.js';
import type { MembersService } from './members.service.js';

const LOOK_EVERY_MS = 5000;
/** Whoever has written across in so many days is told. */
const DAYS = 30;
const AT_ONCE = 500;
/** Who writes across for the first time after the announcement is told with the next look. */
const WRITERS_EVERY_MS = 3600_000;

export class Departures {
  private readonly rounds: Recurring;
  /** When the writers of a departure were looked up last: it reads a month of the trace. */
  private readonly lookedUp = new Map<string, number>();

  constructor(
    private readonly database: DataSource,
    private readonly members: MembersService,
    private readonly notices: NoticeSender,
    private readonly log: Log,
  ) {
    this.rounds = new Recurring(LOOK_EVERY_MS, () => this.look(), 'departures looked after', log);
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  private async look(): Promise<void> {
    const leaving = await this.database.getRepository(NetworkRow).findBy({ status: 'leaving' });
    for (const network of leaving) {
      if (network.leavesAt && network.leavesAt <= new Date())
        await this.members.move('hub', network.slug, 'remove', 'its date has come');
      else await this.tell(network);
    }
  }

  /** Written down before it is sent, and sent until it is known to be stored: the bus knows it again by its id. */
  private async tell({ slug, name, leavesAt, notice }: NetworkRow): Promise<void> {
    if (!leavesAt) return;
    await this.findWriters(slug, leavesAt);
    for (;;) {
      const open = await this.database.query<{ address: Address }[]>(
        'SELECT address FROM leaving_notice WHERE network = $1 AND leaves_at = $2 AND sent_at IS NULL LIMIT $3',
        [slug, leavesAt, AT_ONCE],
      );
      if (open.length === 0) return;
      const text = departureWords(name, leavesAt, notice);
      await Promise.all(
        open.map(({ address }) =>
          this.notices.tell(address, text, `leaving ${slug} ${leavesAt.toISOString()} ${address}`, leavesAt),
        ),
      );
      await this.database.query(
        'UPDATE leaving_notice SET sent_at = now() WHERE network = $1 AND leaves_at = $2 AND address = ANY($3)',
        [slug, leavesAt, open.map(({ address }) => address)],
      );
      this.log.info({ network: slug, told: open.length }, 'told that the network leaves');
    }
  }

  /** Accepted of its own people, and routed to it, also where the writer named a number: both stand there. */
  private async findWriters(slug: string, leavesAt: Date): Promise<void> {
    const about = `${slug} ${leavesAt.toISOString()}`;
    if (Date.now() - (this.lookedUp.get(about) ?? 0) < WRITERS_EVERY_MS) return;
    await this.database.query(
      `INSERT INTO leaving_notice (network, leaves_at, address)
       SELECT $1, $2, from_address FROM (
         SELECT DISTINCT from_address FROM checkpoint
         WHERE kind = 'message' AND at > now() - make_interval(days => $3)
           AND network = $1 AND stage IN ('accepted', 'routed')) AS writers
       ON CONFLICT DO NOTHING`,
      [slug, leavesAt, DAYS],
    );
    this.lookedUp.set(about, Date.now());
  }
}

export function departureWords(name: string, at: Date, notice: string | null): { en: string; zh: string } {
  const day = at.toISOString().slice(0, 16).replace('T', ' ');
  const own = notice === null ? '' : ` ${notice}`;
  return {
    en: `${name} leaves the exchange on ${day} UTC. From then on messages to and from it no longer arrive.${own}`,
    zh: `${name}将于${day}（UTC）退出互通，届时双方将无法互发消息。${own}`,
  };
}
