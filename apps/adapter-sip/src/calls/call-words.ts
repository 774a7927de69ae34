/** What a phone shows of calls in words: those that it cannot have, and those that did not come about. */
import { randomUUID } from 'node:crypto';
import {
  PHRASES,
  reportWords,
  type Address,
  type CallEvent,
  type CallSide,
  type Party,
  type ResultCode,
} from '#protocol';
import { runInBackground, type Log } from '#service';
import type { Delivery } from '../delivery.js';
import { notice } from '../from-canonical.js';
import type { Caller } from '../sip.connection.js';
import type { Uris } from '../uris.js';
import type { HubCall } from './hub-call.js';
import type { WordsAboutCalls } from './words-about-calls.js';
import type { Act } from './leg.js';

const WORDS = PHRASES.zh;

export class CallWords {
  constructor(
    private readonly options: { delivery: Delivery; kept: WordsAboutCalls; uris: Uris; log: Log },
  ) {}

  /** A call whose caller does not come, or whose sound a phone cannot have. @throws as `Delivery.send` */
  async withoutSound({ id, data }: CallEvent): Promise<void> {
    const { delivery, kept, uris } = this.options;
    const native = delivery.reachable(data.to);
    const envelope = await delivery.envelope(data.from, native, id);
    if (uris.isAbroad(native)) await delivery.send(native, envelope, notice(WORDS.callMissed));
    else await kept.show(native, envelope, WORDS.callMissed);
  }

  /** After an act that ended a call which nobody had answered. @param side of our person */
  afterwards({ own, peer }: HubCall, { action }: Act, side: CallSide): void {
    const words = wordsAfter(action, side);
    if (words !== undefined) this.show(own, { address: peer }, words);
  }

  /** A call between two people of this network. */
  neighbourMissed({ native, displayName: name }: Caller, called: string): void {
    const { uris, kept, log } = this.options;
    const envelope = { from: uris.own(native), name, to: uris.own(called), callId: randomUUID() };
    runInBackground('words about a call', log, () => kept.show(called, envelope, WORDS.callMissed));
  }

  /** Our person called somebody, and did not answer when they were called back. */
  calledBackInVain(native: string, to: Address | { own: string }): void {
    this.tellCaller(native, to, WORDS.callbackNotAnswered);
  }

  /** The call of our person, who was called back, does not come about. */
  refused(native: string, to: Address | { own: string }, code: ResultCode): void {
    this.tellCaller(native, to, reportWords(code, 'zh'));
  }

  /** The same, of somebody of this network who does not answer. */
  neighbourNotThere({ native }: Caller, called: string, act: Act): void {
    const words = wordsAfter(act.action, 'caller');
    if (words !== undefined) this.tellCaller(native, { own: called }, words);
  }

  private tellCaller(native: string, to: Address | { own: string }, words: string): void {
    const { uris } = this.options;
    const address = typeof to === 'object' ? uris.ownAddress(to.own) : to;
    this.show({ address: uris.ownAddress(native) }, { address }, words);
  }

  private show({ address }: Party, peer: Party, words: string): void {
    const { delivery, kept, uris, log } = this.options;
    const native = delivery.reachable(address);
    // Words to a number are messages, which are paid for.
    if (uris.isAbroad(native)) return;
    runInBackground('words about a call', log, async () => {
      const envelope = await delivery.envelope(peer, native, randomUUID());
      await kept.show(native, envelope, words);
    });
  }
}

function wordsAfter(action: Act['action'], side: CallSide): string | undefined {
  switch (action) {
    case 'ringing':
    case 'accepted':
      return undefined;
    case 'declined':
      return side === 'caller' ? WORDS.callDeclined : undefined;
    case 'missed':
      return side === 'caller' ? WORDS.callNotAnswered : WORDS.callMissed;
    case 'cancelled':
    case 'ended':
      return side === 'callee' ? WORDS.callMissed : undefined;
  }
}
