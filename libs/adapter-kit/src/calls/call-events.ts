/** Call events for people whose network carries no session descriptions: told to the call page, and in words. */
import {
  deliveryKey,
  HubError,
  isSuccess,
  isTel,
  networkOf,
  conversationKind,
  PHRASES,
  RING_MS,
  type CallEvent,
  type Capabilities,
  type CallSide,
  type EventId,
  type Network,
  type ReportEvent,
} from '#protocol';
import type { Log } from '#service';
import type { AboutCall } from '../delivered.contract.js';
import type { DeliveryResult } from '../delivery.js';
import type { CallPages } from './call-pages.js';
import { nameForPage } from './call-words.js';
import type { GatewayCall } from './gateway-call.js';
import type { GatewayCalls } from './gateway-calls.js';

/** An older invitation does not ring: the caller has given up. Clocks of networks differ. */
const RINGS_FOR_MS = 2 * RING_MS;

/** Shows words as a message of the event's sender, in the order of the conversation. */
export type Say = (words: string, about: AboutCall) => Promise<DeliveryResult>;

export interface CallEventsOptions {
  network: Network;
  calls: Pick<GatewayCalls, 'open' | 'find' | 'moveTo' | 'end' | 'closed' | 'tell' | 'submit'>;
  pages: Pick<CallPages, 'tell'>;
  language: () => Capabilities['language'];
  log: Log;
}

export class CallEvents {
  constructor(private readonly options: CallEventsOptions) {}

  /** @returns undefined: our person gets no words. @throws as the delivery of a message */
  async take(event: CallEvent, say: Say): Promise<DeliveryResult | undefined> {
    if (conversationKind(event.subject) === 'group') throw new HubError('12', 'a group is not called');
    if (event.data.action === 'invite') return this.invitation(event, say);
    const call = await this.callOf(event);
    if (!call || call.ending) {
      const { action, call: of } = event.data;
      this.options.log.debug({ event: event.id, call: of, action }, 'of no call that is open here, ignored');
      return undefined;
    }
    return this.inCall(event, event.data.action, call, say);
  }

  /** An invitation of our person did not arrive. @throws HubError 91 */
  async reported({ data: { message, code, to } }: ReportEvent): Promise<void> {
    if (isSuccess(code)) return;
    const call = await this.find('caller', this.options.network, message);
    if (call?.person === to) await this.options.calls.end(call, 'refused');
  }

  private async invitation(event: CallEvent, say: Say): Promise<DeliveryResult> {
    const { media, session } = event.data;
    const words = this.words;
    const id = deliveryKey(networkOf(event.data.from.address), event.id) as EventId;
    if (session === undefined) return say(words.callMissed, { id });
    if (Date.now() - Date.parse(event.time) > RINGS_FOR_MS)
      return this.unanswered(event, id, say(words.callMissed, { id }));
    const call = await this.opened(event, id);
    if (!call) return this.unanswered(event, id, say(words.call(media, undefined), { id }));
    if (call.ending) return say(words.callMissed, { id });
    const { url } = call;
    const told = await say(words.callComes(media, url), { id, link: { url, media } });
    if (call.state === 'ringing') await this.options.calls.submit(call, 'ringing');
    return told;
  }

  /** @throws HubError 94 for the id of a call of other people */
  private async opened(event: CallEvent, key: EventId): Promise<GatewayCall | undefined> {
    const { from, to, media, session } = event.data;
    const call = await this.options.calls.open(
      { ...oursOf(event, key), side: 'callee', key, media, state: 'ringing' },
      nameForPage(from),
      session,
    );
    if (call && (call.peer !== from.address || call.person !== to))
      throw new HubError('94', 'another call has this id');
    return call;
  }

  /** Nobody can answer: the caller need not wait. */
  private async unanswered(
    event: CallEvent,
    key: EventId,
    said: Promise<DeliveryResult>,
  ): Promise<DeliveryResult> {
    const told = await said;
    await this.options.calls.submit(oursOf(event, key), 'missed');
    return told;
  }

  private async inCall(
    event: CallEvent,
    action: Exclude<CallEvent['data']['action'], 'invite'>,
    call: GatewayCall,
    say: Say,
  ): Promise<DeliveryResult | undefined> {
    const { calls } = this.options;
    switch (action) {
      case 'ringing':
        await calls.tell(call, 'ringing');
        return undefined;
      case 'accepted':
        await this.accepted(event, call);
        return undefined;
      case 'declined':
      case 'missed':
      case 'cancelled':
      case 'ended': {
        const words = call.state === 'talking' ? undefined : this.afterwards(action, call.side);
        const told = words === undefined ? undefined : await say(words, { id: call.key });
        await calls.closed(call, action);
        return told;
      }
    }
  }

  private async accepted({ data: { session, from } }: CallEvent, call: GatewayCall): Promise<void> {
    const { calls, pages, log } = this.options;
    if (session === undefined || !(await calls.moveTo(call, 'talking', from.address)))
      return calls.end(call, 'lost');
    try {
      await pages.tell(call, 'accepted', session);
    } catch (thrown) {
      log.info(
        { call: call.call, reason: (thrown as Error).message },
        'the page of an accepted call is gone',
      );
      await calls.end(call, 'lost');
    }
  }

  /** Of a call that nobody took. */
  private afterwards(action: 'declined' | 'missed' | 'cancelled' | 'ended', side: CallSide): string {
    if (side === 'callee') return this.words.callMissed;
    return action === 'declined' ? this.words.callDeclined : this.words.callNotAnswered;
  }

  /** The open call that an event is about, if its sender is the other person in it. */
  private async callOf({ data }: CallEvent): Promise<GatewayCall | undefined> {
    const { from, to, action, call: id } = data;
    if (id === undefined) return undefined;
    const matches = (call: GatewayCall | undefined) =>
      call?.person === to && (call.peer === from.address || isAnswerOfNumber(call)) ? call : undefined;
    const own = async () => {
      const call = matches(await this.find('caller', this.options.network, id));
      return call?.state === 'waiting' ? undefined : call;
    };
    const theirs = async () => matches(await this.find('callee', networkOf(from.address), id));
    switch (action) {
      case 'invite':
        return undefined;
      case 'ringing':
      case 'accepted':
      case 'declined':
      case 'missed':
        return own();
      case 'cancelled':
        return theirs();
      case 'ended':
        return (await own()) ?? theirs();
    }
  }

  private find(side: CallSide, author: Network, id: EventId): Promise<GatewayCall | undefined> {
    return this.options.calls.find(side, deliveryKey(author, id) as EventId);
  }

  private get words() {
    return PHRASES[this.options.language()];
  }
}

/** A person who was called by telephone number answers under their own address. */
function isAnswerOfNumber({ side, peer, state }: GatewayCall): boolean {
  return side === 'caller' && state === 'ringing' && isTel(peer);
}

function oursOf({ id, data }: CallEvent, key: EventId) {
  const { from, to, media } = data;
  return { native: key, person: to, peer: from.address, media, call: id };
}
