/** A pair that is limited because the people of one network complained: only what goes there is held back. */
import { pathOf, eventId, network, type Limits, type Member } from '#protocol';
import { addressOf, directConversation, plainText, type MessageEvent, type Network } from '#protocol';
import { context } from '../../../../test/support/switch-events.js';
import { RegistryIndex } from '../registry/registry-index.js';
import { checkRisk } from '../pipeline/check-risk.js';
import { reserve } from './reserve.js';

const [fetion, wechat, feiliao] = [network('fetion'), network('wechat'), network('feiliao')];
const now = new Date('2026-11-22T12:00:00Z');
const AGREED: Limits = { perSecond: 200, perSenderPerMinute: 30, newContactsPerDay: 20 };

function messageTo(destination: Network): MessageEvent {
  const [from, to] = [addressOf(fetion, 'li'), addressOf(destination, 'wang')];
  return {
    id: eventId(fetion, 'message', '1'),
    source: '/network/fetion',
    type: 'im.hutong.message.v1',
    specversion: '1.0',
    time: now.toISOString(),
    subject: directConversation(from, to),
    datacontenttype: 'application/json',
    path: pathOf(fetion),
    data: { from: { address: from }, to, sentAt: now.toISOString(), content: { body: plainText('hi') } },
  };
}

/** @returns with which limits a message was judged, and what came of it when that refused it */
function judged(member: Partial<Member>, destination: Network) {
  const members = [fetion, wechat, feiliao].map((one) => ({
    network: one,
    name: one,
    status: 'live' as const,
    ...(one === fetion ? member : {}),
  }));
  const agreement = {
    from: fetion,
    classes: ['message' as const],
    limits: AGREED,
    validFrom: '2026-01-01T00:00:00Z',
  };
  const registry = RegistryIndex.of({
    version: 1,
    phase: { phase: 'mesh' },
    routes: [],
    blocked: [],
    members,
    agreements: [wechat, feiliao].map((to) => ({ id: to, to, ...agreement })),
  });
  let asked: Limits | undefined;
  const limits = {
    reserve: (_: unknown, agreed: Limits | undefined) => {
      asked = agreed;
      return 'over the limit';
    },
  };
  const event = messageTo(destination);
  const given = { ...context({ registry }), source: fetion, now, limits };
  const checked = checkRisk(event, given);
  const outcome =
    checked.verdict === 'end'
      ? checked
      : reserve(event, registry.agreements.of(fetion, destination, now)?.limits, given);
  return { asked, outcome };
}

const TENTH = { perSecond: 20, perSenderPerMinute: 3, newContactsPerDay: 2 };

test('traffic to the network whose people complained gets a tenth of the limits, and 65 with the reason beyond them', () => {
  expect(judged({ limitedTowards: [feiliao] }, feiliao)).toEqual({
    asked: TENTH,
    outcome: {
      verdict: 'end',
      code: '65',
      detail: 'over the limit (a tenth from fetion to feiliao, while too many there complain)',
    },
  });
});

test('traffic to other networks is not limited', () => {
  expect(judged({ limitedTowards: [feiliao] }, wechat)).toMatchObject({
    asked: AGREED,
    outcome: { code: '65', detail: 'over the limit' },
  });
});

test('a throttled network is not throttled twice', () => {
  expect(judged({ limitedTowards: [feiliao], risk: 'throttled' }, feiliao).asked).toEqual(TENTH);
  expect(judged({ limitedTowards: [feiliao], risk: 'throttled' }, wechat).asked).toEqual(TENTH);
});

test('a suspended network sends nothing, wherever', () => {
  expect(judged({ limitedTowards: [feiliao], risk: 'suspended' }, feiliao).outcome).toMatchObject({
    code: '57',
  });
});
