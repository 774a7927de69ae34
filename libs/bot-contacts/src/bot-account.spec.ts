/** What people do in their chat with a bot account, beside writing. */
import { network, type Address, type EventId } from '#protocol';
import type { MessageRef } from '#adapter-kit';
import { BotAccount, type BotAct } from './bot-account.js';
import { HubDouble } from './testing/hub-double.js';

const ann = 'im:ann@bots' as Address;
const alice = 'im:alice@far' as Address;
const within = { kind: 'direct' as const, between: [alice, ann] as [Address, Address] };
const ofAlice: MessageRef = {
  id: '0190a5f0-7c00-8000-8000-00000000000a' as EventId,
  author: alice,
  within,
  native: ['from-alice'],
  at: 0,
};
const ofAnn: MessageRef = {
  id: '0190a5f0-7c00-8000-8000-00000000000b' as EventId,
  author: ann,
  within,
  native: ['from-ann'],
  at: 0,
};

function anAccount() {
  const double = new HubDouble({ talked: true, crossed: { 'from-alice': ofAlice, 'from-ann': ofAnn } });
  const account = new BotAccount({
    hub: double.hub,
    network: network('bots'),
    language: 'en',
    log: double.log,
    say: () => Promise.resolve({ native: [] }),
  });
  return { double, does: (act: BotAct) => account.carryOut(act, 'the callback') };
}

const about = { id: 'r', from: 'ann', sentAt: new Date(0) };

test.each([
  ['a message of somebody else', 'from-alice', ofAlice.id],
  ['a message of their own', 'from-ann', ofAnn.id],
])('a reaction to %s goes to whom they talk with there', async (_, target, inReplyTo) => {
  const { double, does } = anAccount();
  await does({ act: 'reaction', ...about, target, emoji: ['👍'] });
  expect(double.submitted).toMatchObject([
    {
      nativeId: 'r',
      from: { address: ann },
      to: alice,
      content: { inReplyTo, reactions: { current: ['👍'] } },
    },
  ]);
});

test('a reaction that is taken back is an empty set', async () => {
  const { double, does } = anAccount();
  await does({ act: 'reaction', ...about, target: 'from-alice', emoji: [] });
  expect(double.submitted[0]?.content.reactions?.current).toEqual([]);
});

test('a reaction to a message that never crossed is recorded', async () => {
  const { double, does } = anAccount();
  await does({ act: 'reaction', ...about, target: 'elsewhere', emoji: ['👍'] });
  expect(double.notCarried).toMatchObject([
    { kind: 'refused', why: expect.stringContaining('14') as string },
  ]);
});

test('the name that comes with a message goes with its event', async () => {
  const { double, does } = anAccount();
  await does({ act: 'message', ...about, name: 'Ann', typed: 'hello', requestStatus: ['read'] });
  expect(double.submitted).toMatchObject([
    { from: { address: ann, displayName: 'Ann' }, requestStatus: ['read'] },
  ]);
});

test('an attachment with a caption goes where the caption says; one whose caption is a command is recorded', async () => {
  const { double, does } = anAccount();
  const media = { source: { id: '1' }, disposition: 'attachment' as const, contentType: 'image/png' };
  await does({ act: 'message', ...about, typed: 'look', media });
  expect(double.submitted).toMatchObject([
    { to: alice, content: { body: { content: 'look' } }, media: [media] },
  ]);
  await does({ act: 'message', ...about, id: 's', typed: '/help', media });
  expect(double.notCarried).toMatchObject([{ kind: 'unanswered', native: 's' }]);
});
