/** People of the test network behind a third-party adapter, whose events can differ from those that the kit makes. */
import {
  pathOf,
  addressOf,
  directConversation,
  network,
  type Address,
  type Content,
  type EventId,
  type HubEvent,
  type MessageEvent,
} from '#protocol';
import { within, type Cast } from './cast.js';

export type Say = (
  id: EventId,
  content: Content,
  requestStatus?: ('delivered' | 'read')[],
  expires?: Date,
) => Promise<void>;

/** A person of the test network whose messages a third-party adapter publishes on the bus. */
export function thirdPartyPerson({ stage }: Cast, name: string, to: Address): [person: Address, say: Say] {
  const source = network(stage.far.slug);
  const person = addressOf(source, name);
  const say: Say = (id, content, requestStatus = [], expires) => {
    const time = new Date().toISOString();
    const event: MessageEvent = {
      specversion: '1.0',
      id,
      source: `/network/${source}`,
      type: 'im.hutong.message.v1',
      time,
      subject: directConversation(person, to),
      datacontenttype: 'application/json',
      path: pathOf(source),
      ...(expires ? { expirytime: expires.toISOString() } : {}),
      data: { from: { address: person, displayName: name }, to, sentAt: time, content, requestStatus },
    };
    return stage.thirdParty.publish(event);
  };
  return [person, say];
}

export function answerTo(
  { stage }: Cast,
  person: Address,
  what: string,
  match: (event: HubEvent) => boolean,
): Promise<HubEvent> {
  const { thirdParty } = stage;
  const forPerson = () => thirdParty.received.filter(({ data }) => data.to === person);
  return within(what, () => forPerson().find(match), forPerson);
}
