import {
  pathOf,
  HUB,
  addressOf,
  directConversation,
  encodeEvent,
  eventId,
  network,
  plainText,
  type Outcome,
  type Part,
} from '#protocol';
import { ending, partyHash, routed } from './record-legs.js';

const [NORTH, SOUTH] = [network('north'), network('south')];
const [ann, bob] = [addressOf(NORTH, 'ann'), addressOf(SOUTH, 'bob')];
const hash = partyHash('a key of at least thirty-two characters');
const at = new Date('2026-11-22T10:00:00Z');
const on = (subject: string, json: Uint8Array | string) => ({
  subject,
  data: Buffer.from(json),
  seq: 7,
  storedAt: at,
});

const message = (body: Part) =>
  encodeEvent({
    specversion: '1.0',
    id: eventId(NORTH, 'message', 'native-1'),
    source: '/network/north',
    type: 'im.hutong.message.v1',
    time: at.toISOString(),
    subject: directConversation(ann, bob),
    datacontenttype: 'application/json',
    path: pathOf(NORTH),
    data: { from: { address: ann }, to: bob, sentAt: at.toISOString(), content: { body } },
  });

const outcome = (over: Partial<Outcome> = {}) =>
  JSON.stringify({
    event: eventId(NORTH, 'message', 'native-1'),
    conversation: directConversation(ann, bob),
    kind: 'message',
    by: 'adapter',
    stage: 'delivered',
    code: '00',
    from: { address: ann },
    to: bob,
    at: at.toISOString(),
    ...over,
  });

describe('the routed leg', () => {
  it('says what it counts as, and how much it would be as SMS', () => {
    const kept = routed(on('hub.out.south.3', message(plainText('字'.repeat(71)))), hash);
    expect(kept).toMatchObject({
      leg: { from: 'north', to: 'south', class: 'message', units: 1, smsUnits: 2, seq: 7 },
    });
  });

  it('names nobody', () => {
    const kept = routed(on('hub.out.south.3', message(plainText('hello'))), hash);
    expect(JSON.stringify(kept)).not.toMatch(/ann|bob|hello/);
    const fromParty = kept && 'leg' in kept ? kept.leg.fromParty : undefined;
    expect(fromParty).toBe(hash(ann));
    expect(fromParty).not.toBe(partyHash('another key of thirty-two characters')(ann));
  });
});

describe('the ended leg', () => {
  const report = (over: Partial<Outcome>, by = 'south') =>
    ending(on(`hub.report.${by}`, outcome(over)), hash);

  it('is what the destination says', () => {
    expect(report({})).toMatchObject({ ended: { outcome: 'delivered', code: '00', atSwitch: false } });
    expect(report({ stage: 'failed', code: '14' })).toMatchObject({
      ended: { outcome: 'failed', code: '14' },
    });
  });

  it('is not what anybody else says', () => {
    expect(report({}, 'north')).toBeUndefined();
    expect(report({}, 'west')).toBeUndefined();
  });

  it('may be the switch’s, which delivers nothing, and in whose name no member speaks', () => {
    const refused: Partial<Outcome> = { by: 'switch', stage: 'failed', code: '57' };
    expect(report(refused, HUB)).toMatchObject({ ended: { atSwitch: true, code: '57' } });
    expect(report({ by: 'switch' }, HUB)).toBeUndefined();
    for (const member of ['north', 'south']) expect(report(refused, member)).toBeUndefined();
  });

  it('of what waited for a network that is away has another leg, though the switch ended it', () => {
    expect(report({ by: 'switch', stage: 'failed', code: '68' }, HUB)).toMatchObject({
      ended: { atSwitch: false, code: '68' },
    });
  });

  it('is not one while it is stored for a network that is away', () => {
    expect(report({ by: 'switch', stage: 'stored', code: '08' }, HUB)).toMatchObject({
      stored: { reference: eventId(NORTH, 'message', 'native-1') },
    });
  });

  it('of a contact request to a network without them is none: that is no failure', () => {
    const contact: Partial<Outcome> = { by: 'switch', stage: 'failed', kind: 'contact' };
    expect(report({ ...contact, code: '12' }, HUB)).toBeUndefined();
    expect(report({ ...contact, code: '57' }, HUB)).toMatchObject({ ended: { code: '57' } });
  });

  it('is none while the network may still report what became of the message', () => {
    expect(report({ stage: 'submitted', code: '08' })).toBeUndefined();
    expect(report({ stage: 'delivered' })).toMatchObject({ ended: { outcome: 'delivered' } });
  });

  it('of a message that was read is "delivered"', () => {
    expect(report({ stage: 'read', basis: 'user-device' })).toMatchObject({
      ended: { outcome: 'delivered' },
    });
  });

  it('says "unknown" when the network reported nothing within its time limit', () => {
    expect(report({ stage: 'unknown', code: '103' })).toMatchObject({
      ended: { outcome: 'unknown', code: '103' },
    });
  });

  it('is not of receipts', () => {
    expect(report({ kind: 'receipt' })).toBeUndefined();
  });
});

describe('of a call', () => {
  const read = (subject: string, event: Uint8Array) => routed(on(subject, event), hash);
  const call = (action: string, [from, to] = [ann, bob]) =>
    encodeEvent({
      specversion: '1.0',
      id: eventId(NORTH, 'call', action),
      source: '/network/north',
      type: 'im.hutong.call.v1',
      time: at.toISOString(),
      subject: directConversation(ann, bob),
      datacontenttype: 'application/json',
      path: pathOf(NORTH),
      data: {
        from: { address: from },
        to,
        media: 'voice',
        action,
        ...(action === 'invite' ? {} : { call: eventId(NORTH, 'call', 'invite') }),
      },
    } as never);

  it('only the invitation is a leg, and counts nothing by itself', () => {
    expect(read('hub.out.south.3', call('invite'))).toMatchObject({ leg: { class: 'call', units: 0 } });
    expect(read('hub.out.south.3', call('ended'))).not.toHaveProperty('leg');
  });

  it('answer and end are acts of the two networks, whoever ends it', () => {
    const act = { call: eventId(NORTH, 'call', 'invite'), one: 'north', other: 'south', seq: 7, at };
    expect(read('hub.out.north.3', call('accepted', [bob, ann]))).toEqual({
      act: { ...act, act: 'answered' },
    });
    expect(read('hub.out.north.3', call('ended', [bob, ann]))).toEqual({ act: { ...act, act: 'ended' } });
    expect(read('hub.out.south.3', call('ended'))).toEqual({ act: { ...act, act: 'ended' } });
    expect(read('hub.out.south.3', call('ringing'))).toBeUndefined();
  });

  it('that it rings completes no record, that its network refuses it does', () => {
    const told = (over: Partial<Outcome>) =>
      ending(on('hub.report.south', outcome({ kind: 'call', ...over })), hash);
    expect(told({})).toBeUndefined();
    expect(told({ stage: 'unknown', code: '103' })).toBeUndefined();
    expect(told({ stage: 'failed', code: '40' })).toMatchObject({ ended: { code: '40' } });
  });
});
