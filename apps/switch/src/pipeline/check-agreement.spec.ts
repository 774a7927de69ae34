import {
  pathOf,
  addressOf,
  directConversation,
  eventId,
  mediaUrl,
  network,
  plainText,
  type Agreement,
  type ContactEvent,
  type Member,
  type MessageEvent,
  type Network,
  type Phase,
} from '#protocol';
import { context } from '../../../../test/support/switch-events.js';
import { RegistryIndex } from '../registry/registry-index.js';
import { authenticateSource } from './authenticate-source.js';
import { checkAgreement } from './check-agreement.js';
import type { Ended, StepContext } from './step.js';

const [fetion, wechat, feiliao] = [network('fetion'), network('wechat'), network('feiliao')];
const [li, wang] = [addressOf(fetion, 'li'), addressOf(wechat, 'wang')];
const now = new Date('2026-11-22T12:00:00Z');

const message: MessageEvent = {
  id: eventId(fetion, 'message', '1'),
  source: '/network/fetion',
  type: 'im.hutong.message.v1',
  specversion: '1.0',
  time: now.toISOString(),
  subject: directConversation(li, wang),
  datacontenttype: 'application/json',
  path: pathOf(fetion),
  data: { from: { address: li }, to: wang, sentAt: now.toISOString(), content: { body: plainText('hi') } },
};
const request: ContactEvent = {
  ...message,
  type: 'im.hutong.contact.v1',
  data: { from: { address: li }, to: wang, action: 'request' },
};

interface Given {
  agreements?: Partial<Agreement>[];
  phase?: Phase;
  members?: Partial<Record<string, Partial<Member>>>;
  source?: Network;
}

function given({
  agreements = [{}],
  phase = { phase: 'mesh' },
  members = {},
  source = fetion,
}: Given): StepContext {
  const usual: Agreement = {
    id: 'a',
    from: fetion,
    to: wechat,
    classes: ['message'],
    validFrom: '2026-01-01T00:00:00Z',
  };
  const registry = RegistryIndex.of({
    version: 1,
    members: [fetion, wechat, feiliao].map((one) => ({
      network: one,
      name: one,
      status: 'live',
      ...members[one],
    })),
    agreements: agreements.map((over) => ({ ...usual, ...over })),
    phase,
  });
  return context({ source, registry, now });
}

test.each<[string, Given]>([
  ['the pair has agreed', {}],
  ['everybody has agreed with everybody', { agreements: [{ from: '*', to: '*' }] }],
  ['an agreement that ends later', { agreements: [{ validTo: '2026-11-22T12:00:01Z' }] }],
  ['one of them is the anchor', { phase: { phase: 'anchor', anchor: wechat } }],
  [
    'the destination leaves later',
    { members: { wechat: { status: 'leaving', leavesAt: '2026-12-01T00:00:00Z' } } },
  ],
  [
    'not certified, but the other is a test network',
    { members: { fetion: { adapter: 'sandbox' }, wechat: { test: true } } },
  ],
])('a message may go: %s', (_, world) => {
  expect(checkAgreement(message, given(world)).verdict).toBe('pass');
});

test.each<[string, string, Given]>([
  [
    '57',
    'no agreement from fetion to wechat. An operator of either network proposes one: POST /v1/agreements (docs/membership.md',
    { agreements: [] },
  ],
  ['57', 'no agreement from fetion to wechat', { agreements: [{ from: wechat, to: fetion }] }],
  ['57', 'no agreement from fetion to wechat', { agreements: [{ validTo: '2026-11-22T12:00:00Z' }] }],
  ['57', 'no agreement from fetion to wechat', { agreements: [{ validFrom: '2026-11-22T12:00:01Z' }] }],
  [
    '57',
    'the agreement from fetion to wechat has no message. An operator',
    { agreements: [{ classes: ['media'] }] },
  ],
  ['57', 'in this phase every pair needs the anchor', { phase: { phase: 'anchor', anchor: feiliao } }],
  [
    '57',
    'The source network fetion is not certified (its adapter has not passed the certification), so it reaches test networks only, and wechat is none.',
    { members: { fetion: { adapter: 'sandbox' } } },
  ],
  [
    '57',
    'The destination network wechat is not certified (its certificate was revoked), so it reaches test networks only, and fetion is none.',
    { members: { wechat: { adapter: 'revoked' } } },
  ],
  [
    '57',
    'npm run certify -- --network wechat, or POST /v1/networks/wechat/certifications (docs/certification.md).',
    { members: { wechat: { adapter: 'expired' } } },
  ],
  ['91', 'wechat is suspended', { members: { wechat: { status: 'suspended' } } }],
  ['15', 'wechat is approved', { members: { wechat: { status: 'approved' } } }],
  ['15', 'wechat left the exchange', { members: { wechat: { status: 'gone' } } }],
  [
    '15',
    'wechat left the exchange',
    { members: { wechat: { status: 'leaving', leavesAt: '2026-11-22T12:00:00Z' } } },
  ],
])('%s: %s', (code, detail, world) => {
  expect(checkAgreement(message, given(world))).toMatchObject({
    verdict: 'end',
    code,
    detail: expect.stringContaining(detail) as string,
  });
});

test('the own agreement of a pair goes before one for all, even where it allows less', () => {
  const agreements = [
    { from: '*' as const, to: '*' as const, classes: ['message' as const] },
    { classes: ['contact' as const] },
  ];
  expect(checkAgreement(message, given({ agreements }))).toMatchObject({ code: '57' });
  expect(checkAgreement(request, given({ agreements })).verdict).toBe('pass');
});

test('a network that has left gets the code for "left", not the code for a missing agreement', () => {
  const world = given({ members: { fetion: { status: 'leaving', leavesAt: '2026-11-22T11:00:00Z' } } });
  expect(authenticateSource(message, world)).toMatchObject({
    code: '15',
    detail: 'fetion left the exchange',
  });
});

test('a certificate goes as far as its level: media need L2 of both ends, or a test network', () => {
  const picture: MessageEvent = {
    ...message,
    data: {
      ...message.data,
      content: {
        body: {
          kind: 'external',
          disposition: 'attachment',
          contentType: 'image/png',
          size: 7,
          url: mediaUrl({ network: fetion, object: 'x'.repeat(43) }),
        },
      },
    },
  };
  const agreements = [{ classes: ['message' as const, 'media' as const] }];
  const at = (fetionLevel: 'L1' | 'L2', wechatLevel: 'L1' | 'L2', test = false) =>
    given({ agreements, members: { fetion: { level: fetionLevel }, wechat: { level: wechatLevel, test } } });
  expect(checkAgreement(picture, at('L2', 'L2')).verdict).toBe('pass');
  expect(checkAgreement(picture, at('L2', 'L1', true)).verdict).toBe('pass');
  expect(checkAgreement(message, at('L1', 'L1')).verdict).toBe('pass');
  const refused = (world: StepContext) => (checkAgreement(picture, world) as Ended).detail;
  const [source, destination] = [
    'The source network fetion is certified for L1, and media needs L2.',
    'The destination network wechat is certified for L1, and media needs L2.',
  ];
  expect(refused(at('L1', 'L2'))).toContain(source);
  expect(refused(at('L1', 'L2'))).not.toContain('wechat');
  expect(refused(at('L2', 'L1'))).toContain(destination);
  // Both sides have something to do.
  expect(refused(at('L1', 'L1'))).toContain(source);
  expect(refused(at('L1', 'L1'))).toContain(destination);
});
