/** A call as the hub knows it: tells the hub what our side does, in its order. */
import type { CallDraft } from '#adapter-kit';
import { isTel, type Address, type CallMedia, type CallSide, type EventId, type Party } from '#protocol';
import { runInBackground, type Log } from '#service';
import type { CallRecord, PlacedDialog } from './call-records.js';
import { ends, type Act } from './leg.js';

export interface HubCallOptions {
  submit: (draft: CallDraft) => Promise<EventId>;
  log: Log;
  /** Who of our network takes part, and who does not. */
  own: Party;
  peer: Address;
  media: CallMedia;
  /** Hears the ids of the events after the invitation. */
  submitted: (id: EventId) => void;
  /** Identity of the call here. */
  native: string;
  record: CallRecord;
  /** Of our person. */
  side: CallSide;
  /** The dialog of our person, as soon as they are in the call. */
  end: () => PlacedDialog | undefined;
}

export class HubCall {
  /** Of the invitation. */
  id: EventId | undefined;
  private isOver = false;
  private turn: Promise<void> = Promise.resolve();
  private peerNow: Address;

  constructor(private readonly options: HubCallOptions) {
    this.peerNow = options.peer;
  }

  get own(): Party {
    return this.options.own;
  }

  get peer(): Address {
    return this.peerNow;
  }

  get media(): CallMedia {
    return this.options.media;
  }

  /** Whether an event is of the two people of this call. Who was called by number answers under their own address. */
  isBetween(from: Address, to: Address): boolean {
    if (to !== this.own.address) return false;
    if (isTel(this.peer) && this.options.end() === undefined) this.peerNow = from;
    return from === this.peer;
  }

  /** Somebody calls our person, whose phones ring now. */
  rings(id: EventId): void {
    this.id = id;
    this.turn = this.keep();
  }

  /** Our person's call was accepted: resolves when a crash does not make the hub believe that it goes on. */
  async accepted(): Promise<void> {
    this.turn = this.turn.then(() => this.keep());
    await this.turn;
  }

  /** @throws HubError when the hub does not take the invitation */
  async invite(session: string | undefined): Promise<EventId> {
    const { submit, native, own: from, peer: to, media } = this.options;
    const offer = session === undefined ? {} : { session };
    const invited = submit({ native, from, to, media, action: 'invite', ...offer });
    // What our side does meanwhile waits for the id.
    this.turn = invited.then(
      async (id) => {
        this.id = id;
        if (session !== undefined) await this.keep();
      },
      () => {
        this.isOver = true;
      },
    );
    return invited;
  }

  /** Our side wanted to call, and did not come: the other one reads that it missed a call. */
  missed(): void {
    runInBackground('missed call', this.options.log, () => this.invite(undefined));
    this.did({ action: 'cancelled' });
  }

  /** What our side did. Nothing is told after the end. */
  did(act: Act): void {
    this.turn = this.turn.then(async () => {
      if (this.isOver || this.id === undefined) return;
      this.isOver = ends(act);
      if (act.action === 'accepted') await this.keep();
      await this.tell(act, this.id);
      if (this.isOver) await this.options.record.clear();
    });
    runInBackground('call event', this.options.log, () => this.turn);
  }

  /** The other side has ended the call. */
  over(): void {
    this.isOver = true;
    this.turn = this.turn.then(() => this.options.record.clear());
  }

  /** Resolves when everything that our side did is told. */
  async told(): Promise<void> {
    await this.turn;
  }

  private async keep(): Promise<void> {
    const { native, own, media, side, record, end } = this.options;
    if (this.isOver || this.id === undefined) return;
    const placed = end();
    const common = { call: this.id, native, own: own.address, peer: this.peer, media, side };
    await record.keep({ ...common, ...(placed ? { end: placed } : {}) });
  }

  private async tell(act: Act, call: EventId): Promise<void> {
    const { submit, submitted, native, own: from, media, log } = this.options;
    const to = this.peer;
    const session = act.action === 'accepted' ? { session: act.session } : {};
    const draft = { native, from, to, media, action: act.action, call, ...session };
    try {
      submitted(await submit(draft));
    } catch (error) {
      log.warn({ call, action: act.action, reason: String(error) }, 'the hub does not take a call event');
    }
  }
}
