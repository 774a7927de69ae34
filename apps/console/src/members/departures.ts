/** Notifies everybody whom a departure concerns, once, and removes the network on its date. Any number of consoles can run it. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { NoticeSender } from '../subscribers/notice-sender.js';
import { DeparturesRepository, type DepartureRow } from './departures.repository.js';
import { DeparturesService } from './departures.service.js';
import { MembersService } from './members.service.js';

const LOOK_EVERY_MS = 5000;
const AT_ONCE = 500;
/** Interval of the search for people who have exchanged messages with the network since the last search. */
const WRITERS_EVERY_MS = 3600_000;
const WITHDRAWAL_VALID_MS = 30 * 24 * 3600_000;

interface Words {
  en: string;
  zh: string;
}

@Injectable()
export class Departures extends PeriodicWorker {
  /** Time of the last search for people, by departure. The search reads a month of the trace. */
  private readonly lookedUp = new Map<string, number>();

  constructor(
    private readonly rows: DeparturesRepository,
    private readonly departures: DeparturesService,
    private readonly members: MembersService,
    private readonly notices: NoticeSender,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) log: Log,
  ) {
    super(LOOK_EVERY_MS, 'notices of departures', log);
  }

  async round(): Promise<void> {
    for (const slug of await this.rows.due(this.now()))
      await this.members.move('hub', slug, 'remove', 'its date has come');
    await this.departures.rejectUndecided();
    for (const departure of await this.rows.announceable(this.now())) {
      await this.findWriters(departure);
      await this.tell(departure, 'departure', departureWords(departure), departure.leaves_at);
    }
    for (const departure of await this.rows.withdrawn()) {
      const until = new Date((departure.withdrawn_at ?? this.now()).getTime() + WITHDRAWAL_VALID_MS);
      await this.tell(departure, 'withdrawal', withdrawalWords(departure), until);
    }
  }

  /** A notice is recorded before it is sent, and sent again until it is stored. The bus ignores a repeated id. */
  private async tell(
    { id, network }: DepartureRow,
    what: 'departure' | 'withdrawal',
    words: Words,
    until: Date,
  ): Promise<void> {
    for (;;) {
      const open = await this.rows.toTell(id, what, AT_ONCE);
      if (open.length === 0) return;
      await Promise.all(
        open.map((address) => this.notices.tell(address, words, `${what} ${id} ${address}`, until)),
      );
      await this.rows.told(id, what, open, this.now());
      this.log.info({ network, told: open.length }, `people notified of a ${what}`);
    }
  }

  private async findWriters(departure: DepartureRow): Promise<void> {
    if (Date.now() - (this.lookedUp.get(departure.id) ?? 0) < WRITERS_EVERY_MS) return;
    await this.rows.findWriters(departure, this.now());
    this.lookedUp.set(departure.id, Date.now());
  }
}

type ToldOf = Pick<DepartureRow, 'name' | 'leaves_at' | 'notice' | 'notice_state'>;

export function departureWords({ name, leaves_at: at, notice, notice_state: state }: ToldOf): Words {
  const own = state === 'approved' && notice !== null ? ` ${notice}` : '';
  return {
    en: `${name} leaves the exchange on ${dayOf(at)} UTC. From then on messages to and from it no longer arrive.${own}`,
    zh: `${name}将于${dayOf(at)}（UTC）退出互通，届时双方将无法互发消息。${own}`,
  };
}

export function withdrawalWords({ name, leaves_at: at }: ToldOf): Words {
  return {
    en: `${name} stays in the exchange: its departure on ${dayOf(at)} UTC is withdrawn.`,
    zh: `${name}将继续参与互通，原定于${dayOf(at)}（UTC）的退出已取消。`,
  };
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
