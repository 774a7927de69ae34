/** Our events are CloudEvents 1.0: the official SDK reads each kind, and its validation accepts every attribute. */
import { CloudEvent, HTTP } from 'cloudevents';
import { addressOf, network } from './address.js';
import { decodeEvent, encodeEvent } from './codec.js';
import { plainText } from './content.js';
import { EVENT_SCHEMAS, HubEvent, type EventKind, type EventOf } from './events.js';
import { pathOf } from './network-path.js';
import { aMessage } from '../test/a-message.js';

const xmpp = network('xmpp');
const [alice, bob] = [addressOf(xmpp, 'alice@example.org'), addressOf(network('matrix'), '@bob:example.org')];
const between = { from: { address: alice }, to: bob };
const at = '2026-11-22T12:00:00.000Z';
const message = aMessage().id;

/** One of each kind. */
const DATA: { [Kind in EventKind]: EventOf<Kind>['data'] } = {
  message: { ...between, sentAt: at, content: { body: plainText('你好 👋') } },
  receipt: { ...between, status: 'read', messages: [message], upTo: true, basis: 'user-device', at },
  report: { ...between, message, code: '40', at },
  typing: { ...between, state: 'composing', ttlMs: 5000 },
  presence: { ...between, availability: 'away' },
  contact: { ...between, action: 'request' },
  group: { ...between, action: 'create', members: [alice, bob] },
  notice: { ...between, text: { en: 'maintenance', zh: '维护' } },
  call: { ...between, action: 'invite', media: 'voice' },
};
const KINDS = Object.keys(EVENT_SCHEMAS) as EventKind[];

function eventOf(kind: EventKind): HubEvent {
  return HubEvent.parse({
    ...aMessage(),
    type: `im.hutong.${kind}.v1`,
    path: pathOf(xmpp, network('matrix')),
    expirytime: '2026-11-24T12:00:00.000Z',
    resolvedby: 'ported',
    standin: 'when-window-opens',
    data: DATA[kind],
  });
}

function readBySdk(json: string): CloudEvent<unknown> {
  const read: unknown = HTTP.toEvent({
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    body: json,
  });
  // toEvent does not validate; the constructor does.
  return new CloudEvent(attributesOf(read as object), true);
}

/** Attributes of the SDK's event that are set. */
function attributesOf(event: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
}

describe.each(KINDS)('an event of kind %s', (kind) => {
  test('is read by the SDK of CloudEvents with every attribute and its data', () => {
    const event = eventOf(kind);
    const read = readBySdk(encodeEvent(event).toString());
    expect(read.validate()).toBe(true);
    expect(attributesOf(read)).toEqual(attributesOf(event));
  });

  test('is the same event when the SDK has written it', () => {
    const event = eventOf(kind);
    const { body } = HTTP.structured(readBySdk(encodeEvent(event).toString()));
    expect(decodeEvent(new TextEncoder().encode(String(body)))).toEqual(event);
  });

  test('has attributes with legal names and of the type String only', () => {
    const attributes = Object.keys(EVENT_SCHEMAS[kind].shape).filter((name) => name !== 'data');
    expect(attributes.length).toBeGreaterThan(7);
    for (const name of attributes) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    const written = attributesOf(eventOf(kind));
    for (const name of attributes) expect(typeof written[name]).toBe('string');
  });
});
