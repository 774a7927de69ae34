/** What all calls share: those that are open, their dialogs, and how their ends are made. */
import type { CallDraft, Hub } from '#adapter-kit';
import type { Clock } from '#adapter-session';
import type { Address, EventId, Party } from '#protocol';
import { LruCache, type Log } from '#service';
import type { Caller } from '../sip.connection.js';
import { CalleeLeg, type Place } from './callee-leg.js';
import type { CallPlaces } from './call-places.js';
import type { CallRecords } from './call-records.js';
import type { CallWords } from './call-words.js';
import type { CallbackRule } from './callback-rule.js';
import { Dialogs } from './dialogs.js';
import type { Pressed } from './established.js';
import { HubCall, type HubCallOptions } from './hub-call.js';
import { ends, type Act, type Did, type Leg } from './leg.js';
import { OpenCalls, type Call } from './open-calls.js';

export interface CallsOptions {
  hub: Pick<Hub, 'submitCall'>;
  log: Log;
  clock: Clock;
  places: CallPlaces;
  words: CallWords;
  records: CallRecords;
  /** Whom a request is for. @throws HubError 14 */
  remote: (uri: string) => Promise<Address | { own: string }>;
  addressOf: (native: string) => Address;
  /** Calls through the trunk at the same time, at most. */
  mostOnTrunk: number;
  /** Which callers are called back. */
  callback: CallbackRule;
}

const MOST_ACTS = 10_000;

export class CallState {
  readonly dialogs = new Dialogs();
  readonly open: OpenCalls;
  /** Events after invitations: nobody reads that one of them did not arrive. */
  readonly acts = new LruCache<EventId, true>({ max: MOST_ACTS });
  /** Invitations on the way to the hub: what comes about them may be here before their ids. */
  readonly submitting = new Set<Promise<unknown>>();

  constructor(readonly options: CallsOptions) {
    this.open = new OpenCalls(options.mostOnTrunk);
  }

  calleeLeg(places: readonly Place[], offer: string, did: Did, pressed?: Pressed): CalleeLeg {
    const { clock, log } = this.options;
    return new CalleeLeg({ places, offer, dialogs: this.dialogs, clock, log, did, pressed });
  }

  /** Its first leg did something. */
  did(call: Call, act: Act): void {
    call.did(act);
    if (ends(act)) this.open.forget(call);
  }

  /** The other end did something. */
  tell(call: Call, act: Act): void {
    for (const leg of call.legs) leg.tell(act);
    if (ends(act) || call.legs.every(({ isOver }) => isOver)) this.open.forget(call);
  }

  partyOf({ native, displayName }: Caller): Party {
    const address = this.options.addressOf(native);
    return { address, ...(displayName === undefined ? {} : { displayName }) };
  }

  /** @param legs of the call, as soon as there are any */
  hubCall(
    about: Pick<HubCallOptions, 'own' | 'peer' | 'media' | 'native' | 'side'>,
    legs: () => Leg | undefined,
  ): HubCall {
    const { hub, log } = this.options;
    const submitted = (id: EventId): void => {
      this.acts.set(id, true);
    };
    const submit = (draft: CallDraft) => hub.submitCall(draft);
    const record = this.options.records.open();
    return new HubCall({ ...about, submit, submitted, log, record, end: () => legs()?.end });
  }
}
