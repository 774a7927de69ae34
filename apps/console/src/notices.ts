/** What the exchange itself tells a subscriber, in the app that he has. */
import {
  directConversation,
  encodeEvent,
  eventId,
  HUB,
  HUB_ADDRESS,
  laneOf,
  networkOf,
  subjects,
  type Address,
  type NoticeEvent,
  type ResultCode,
} from '#protocol';
import { ConsoleBus } from './console-bus.js';

const EXPIRES_AFTER_MS = 48 * 3600 * 1000;

export class Notices {
  constructor(private readonly bus: ConsoleBus) {}

  /** Resolves when it is stored. @param about told once to one person, however often this is called within a week */
  async send(to: Address, text: { en: string; zh: string }, about: string, code?: ResultCode): Promise<void> {
    const [network, now] = [networkOf(to), Date.now()];
    const event: NoticeEvent = {
      specversion: '1.0',
      id: eventId(HUB, 'notice', `${about} ${to}`),
      source: `/network/${HUB}`,
      type: 'im.hutong.notice.v1',
      time: new Date(now).toISOString(),
      subject: directConversation(HUB_ADDRESS, to),
      datacontenttype: 'application/json',
      path: [network],
      expirytime: new Date(now + EXPIRES_AFTER_MS).toISOString(),
      data: { from: { address: HUB_ADDRESS, displayName: 'Hutong' }, to, text, ...(code ? { code } : {}) },
    };
    await this.bus.publisher.publish(
      subjects.out(network, laneOf(event.subject)),
      encodeEvent(event),
      `${event.id}:${network}`,
    );
  }
}
