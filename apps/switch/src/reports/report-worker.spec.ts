import {
  HUB,
  addressOf,
  directConversation,
  eventId,
  network,
  type Member,
  type Network,
  type Outcome,
} from '#protocol';
import { toSender } from './report-worker.js';

const [xmpp, matrix] = [network('xmpp'), network('matrix')];
const alice = addressOf(xmpp, 'alice@example.org');
const bob = addressOf(matrix, '@bob:example.org');
const members = new Map<Network, Member>(
  [xmpp, matrix].map((one) => [one, { network: one, name: one, status: 'live' }]),
);

const delivered: Outcome = {
  event: eventId(xmpp, 'message', '1'),
  conversation: directConversation(alice, bob),
  kind: 'message',
  by: 'adapter',
  stage: 'delivered',
  code: '00',
  from: { address: alice },
  to: bob,
  requestDelivered: true,
  at: '2026-11-22T12:00:00Z',
};

describe('an outcome, as the sender sees it', () => {
  test('delivered is a receipt, vouched for by the recipient’s network', () => {
    expect(toSender(delivered, matrix, members)).toMatchObject({
      type: 'im.hutong.receipt.v1',
      data: {
        from: { address: bob },
        to: alice,
        status: 'delivered',
        messages: [delivered.event],
        basis: 'network',
      },
    });
  });

  test('a sender who did not ask gets no "delivered"', () => {
    expect(toSender({ ...delivered, requestDelivered: false }, matrix, members)).toBeUndefined();
  });

  test('a failure always comes back, with its code', () => {
    expect(toSender({ ...delivered, stage: 'failed', code: '14' }, matrix, members)).toMatchObject({
      type: 'im.hutong.report.v1',
      data: { to: alice, message: delivered.event, code: '14' },
    });
  });

  test('a call that cannot begin comes back; what becomes of a call does not, nor that it rings', () => {
    const call: Outcome = { ...delivered, kind: 'call', stage: 'failed', code: '14' };
    expect(toSender(call, matrix, members)).toMatchObject({ data: { message: call.event, code: '14' } });
    expect(toSender({ ...call, ofCall: call.event }, matrix, members)).toBeUndefined();
    expect(toSender({ ...call, stage: 'delivered', code: '00' }, matrix, members)).toBeUndefined();
  });

  test('a network can report only on events that were addressed to it', () => {
    expect(
      toSender({ ...delivered, stage: 'failed', code: '14' }, network('fetion'), members),
    ).toBeUndefined();
  });

  test('a receipt that failed makes no report: the one who read would learn nothing from it', () => {
    expect(
      toSender({ ...delivered, kind: 'receipt', stage: 'failed', code: '14' }, matrix, members),
    ).toBeUndefined();
  });

  test('"stored" for an offline network is neither delivered nor failed: nobody is notified', () => {
    const stored: Outcome = { ...delivered, by: 'switch', stage: 'stored', code: '08' };
    expect(toSender(stored, HUB, members)).toBeUndefined();
  });

  test('"submitted" is neither: what became of the message is reported later', () => {
    expect(toSender({ ...delivered, stage: 'submitted' }, matrix, members)).toBeUndefined();
  });

  test('a receipt says whose word it is', () => {
    const asDevice: Outcome = { ...delivered, stage: 'read', basis: 'user-device', requestRead: true };
    expect(toSender(asDevice, matrix, members)).toMatchObject({
      data: { status: 'read', basis: 'user-device' },
    });
  });

  test('an outcome that stays unknown is reported: the sender may ask the recipient', () => {
    expect(toSender({ ...delivered, stage: 'unknown', code: '103' }, matrix, members)).toMatchObject({
      type: 'im.hutong.report.v1',
      data: { code: '103' },
    });
  });

  test('no member speaks for the switch', () => {
    const refused: Outcome = { ...delivered, by: 'switch', stage: 'failed', code: '57' };
    expect(toSender(refused, HUB, members)).toMatchObject({ data: { code: '57' } });
    expect(toSender(refused, xmpp, members)).toBeUndefined();
    expect(toSender(refused, matrix, members)).toBeUndefined();
  });

  test('the same outcome twice is the same event', () => {
    expect(toSender(delivered, matrix, members)?.id).toBe(toSender(delivered, matrix, members)?.id);
  });
});
