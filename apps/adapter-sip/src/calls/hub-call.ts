/** A call as the hub knows it: tells the hub what our side does, in its order. */
import type { CallDraft } from '#adapter-kit';
import { isTel, type Address, type CallMedia, type EventId, type Party } from '#protocol';
import { runInBackground, type Log } from '#service';
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
}

export class HubCall {
  /** Of the invitation. */
  id: EventId | undefined;
  /** Who answers, where a telephone number was called. */
  private answering: Address | undefined;
  private isOver = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly options: HubCallOptions) {}

  get own(): Party {
    return this.options.own;
  }

  get peer(): Address {
    return this.answering ?? this.options.peer;
  }

  /** Whether an act is one of the other side: who was called by telephone number answers under their own address. */
  isWith(address: Address): boolean {
    if (this.answering === undefined && isTel(this.options.peer)) this.answering = address;
    return this.peer === address;
  }

  get media(): CallMedia {
    return this.options.media;
  }

  /** @throws HubError when the hub does not take the invitation */
  async invite(session: string | undefined): Promise<EventId> {
    const { submit, native, own: from, peer: to, media } = this.options;
    const offer = session === undefined ? {} : { session };
    const invited = submit({ native, from, to, media, action: 'invite', ...offer });
    // What our side does meanwhile waits for the id.
    this.turn = invited.then(
      (id) => {
        this.id = id;
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
      await this.tell(act, this.id);
    });
    runInBackground('call event', this.options.log, () => this.turn);
  }

  /** The other side has ended the call. */
  over(): void {
    this.isOver = true;
  }

  /** Resolves when everything that our side did is told. */
  async told(): Promise<void> {
    await this.turn;
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
