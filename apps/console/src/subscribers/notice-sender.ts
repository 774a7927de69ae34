/** Sends notices of the hub to people in their own app. A notice goes to one network only and is never bridged. */
import { Injectable } from '@nestjs/common';
import {
  pathOf,
  directConversation,
  encodeEvent,
  eventId,
  HUB_VOICE,
  laneOf,
  networkOf,
  subjects,
  TEL,
  type Address,
  type NoticeEvent,
} from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';

@Injectable()
export class NoticeSender {
  constructor(private readonly bus: ConsoleBus) {}

  /** @param key a notice with the same key is shown once */
  async tell(to: Address, text: NoticeEvent['data']['text'], key: string, until: Date): Promise<void> {
    const network = networkOf(to);
    const conversation = directConversation(HUB_VOICE, to);
    const notice: NoticeEvent = {
      specversion: '1.0',
      id: eventId(TEL, 'notice', key),
      source: `/network/${TEL}`,
      type: 'im.hutong.notice.v1',
      time: new Date().toISOString(),
      subject: conversation,
      datacontenttype: 'application/json',
      path: pathOf(TEL, network),
      expirytime: until.toISOString(),
      data: { from: { address: HUB_VOICE, displayName: 'Hutong' }, to, text },
    };
    await this.bus.publisher.publish(
      subjects.out(network, laneOf(conversation)),
      encodeEvent(notice),
      notice.id,
    );
  }
}
