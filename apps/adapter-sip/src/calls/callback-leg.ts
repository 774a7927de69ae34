/**
 * The end of a caller who is called back: their phones ring, the one that accepts is held (RFC 3725 §4.3), and gets the sound of
 * whom they called when that person has accepted too. Until then only our side knows that the call has a second end.
 */
import type { Clock } from '#adapter-session';
import { toHubError } from '#protocol';
import { runInBackground, type Log } from '#service';
import { reasonWith } from '../stack/reasons.js';
import { CalleeLeg, type Place } from './callee-leg.js';
import { WAIT_MS } from './caller-leg.js';
import type { PlacedDialog } from './call-records.js';
import type { Dialogs } from './dialogs.js';
import { ends, type Act, type CallingLeg, type Did } from './leg.js';

export interface CallbackLegOptions {
  /** Phones of the caller; their INVITEs offer nothing. */
  places: readonly Place[];
  dialogs: Dialogs;
  clock: Clock;
  log: Log;
  /** The caller is at their phone, with this session description: whom they called is to be called now. */
  came: (session: string) => void;
  /** They did not come: at most once, and then nothing else. */
  stayedAway: () => void;
  did: Did;
}

export class CallbackLeg implements CallingLeg {
  readonly side = 'caller';
  readonly showsWhy = false;
  private state: 'ringing' | 'waiting' | 'established' | 'over' = 'ringing';
  private readonly phones: CalleeLeg;
  private stopWaiting: () => void = () => undefined;

  constructor(private readonly options: CallbackLegOptions) {
    const { places, dialogs, clock, log } = options;
    const did = (act: Act) => this.phoneDid(act);
    this.phones = new CalleeLeg({ places, offer: undefined, dialogs, clock, log, did });
  }

  /** Both are in the call. */
  get isEstablished(): boolean {
    return this.state === 'established';
  }

  get end(): PlacedDialog | undefined {
    return this.phones.end;
  }

  get isOver(): boolean {
    return this.state === 'over';
  }

  /** @throws HubError 91: no phone of the caller was reached */
  async begin(): Promise<void> {
    await this.phones.begin();
  }

  tell(act: Act): void {
    switch (act.action) {
      case 'ringing':
        // The phone is held, and hears nothing.
        return;
      case 'accepted':
        return this.connect(act.session);
      case 'declined':
        return this.refuse(603);
      case 'missed':
      case 'cancelled':
        return this.refuse(480);
      case 'ended':
        this.over();
    }
  }

  refuse(status: number, why?: string): void {
    if (this.isOver) return;
    this.over(why === undefined ? `SIP;cause=${status}` : reasonWith(status, why));
  }

  private phoneDid(act: Act): void {
    const { came, stayedAway, did, clock } = this.options;
    if (act.action === 'accepted') {
      this.state = 'waiting';
      this.stopWaiting = clock.after(WAIT_MS, () => this.gaveUp());
      return came(act.session);
    }
    if (!ends(act) || this.isOver) return;
    const { state } = this;
    this.over();
    if (state === 'ringing') stayedAway();
    else did({ action: state === 'established' ? 'ended' : 'cancelled' });
  }

  private connect(session: string): void {
    if (this.state !== 'waiting') return;
    this.state = 'established';
    this.stopWaiting();
    runInBackground('callback', this.options.log, async () => {
      try {
        await this.phones.connect(session);
      } catch (thrown) {
        const { code, detail } = toHubError(thrown);
        this.options.log.info({ code, reason: detail }, 'a caller who was called back cannot be connected');
        if (this.isOver) return;
        this.over();
        this.options.did({ action: 'ended' });
      }
    });
  }

  /** The network of who is called did not say that nobody answered. */
  private gaveUp(): void {
    this.over(`SIP;cause=408`);
    this.options.did({ action: 'cancelled' });
  }

  private over(reason?: string): void {
    this.state = 'over';
    this.stopWaiting();
    this.phones.hangUp(reason);
  }
}
