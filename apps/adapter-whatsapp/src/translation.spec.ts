/** What the hub says to WhatsApp, and what errors and statuses of WhatsApp mean. */
import { createHmac } from 'node:crypto';
import type { MessageEvent, Network, ReceiptEvent } from '#protocol';
import { messageBody } from './from-canonical.js';
import { readStatuses } from './statuses.js';
import { PHONE_ID, webhookOf } from './testing/closed-account.js';
import { alice, amira, anAccount, OF_ALICE, RECORDED } from './testing/recorded.js';
import { isAway, whatsappError } from './whatsapp.errors.js';

const KEY = '0123456789012345678901234567890';
const opened: ReturnType<typeof anAccount>[] = [];
function anOpenAccount() {
  const account = anAccount(undefined, true);
  opened.push(account);
  return account;
}
afterEach(async () => {
  for (const { adapter } of opened.splice(0)) await adapter.stop();
});

function eventOf(content: MessageEvent['data']['content']): MessageEvent {
  const data = { from: { address: alice }, to: amira, sentAt: new Date(0).toISOString(), content };
  return { id: OF_ALICE.id, type: 'im.hutong.message.v1', data } as MessageEvent;
}
const context = { idempotencyKey: KEY, uncertain: false, delayedSince: undefined, target: undefined };

test.each(RECORDED.filter(({ back }) => back))('$what goes back as it came', async ({ told, back }) => {
  const { take, double, requests, adapter } = anOpenAccount();
  await take(webhookOf(told));
  const [draft] = double.submitted;
  if (!draft) throw new Error('no event');
  const event = eventOf(draft.content);
  const piece = { id: 'wamid.of-alice' };
  if (draft.content.reactions) await adapter.deliverReaction(event, { ...context, target: OF_ALICE, piece });
  else await adapter.deliver(event, context);
  expect(requests).toMatchObject([{ messaging_product: 'whatsapp', to: '12025550143', ...back }]);
});

test('a message quotes, and bears the label that its statuses bring back', async () => {
  const { requests, adapter } = anOpenAccount();
  const event = eventOf({
    body: { kind: 'single', disposition: 'render', contentType: 'text/plain', content: 'hi' },
  });
  const sent = await adapter.deliver(event, { ...context, target: OF_ALICE });
  expect(sent).toMatchObject({ native: ['wamid.1'], stage: 'submitted' });
  expect(requests).toMatchObject([
    { context: { message_id: 'wamid.of-alice' }, biz_opaque_callback_data: `${KEY} far ${OF_ALICE.id}` },
  ]);
});

test('a person without a number is addressed by their id in the business', () => {
  expect(messageBody({ to: 'US.13491208655302741918' }, 'text', { body: 'hi' })).toMatchObject({
    recipient: 'US.13491208655302741918',
    text: { body: 'hi' },
  });
});

test('"read" is told of the last message', async () => {
  const { requests, adapter } = anOpenAccount();
  await adapter.deliverReceipt({} as ReceiptEvent, [
    OF_ALICE,
    { ...OF_ALICE, native: ['wamid.a', 'wamid.b'] },
  ]);
  expect(requests).toEqual([{ messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.b' }]);
});

test('a message in doubt is known by the label of its status, whichever process got the status', async () => {
  const { take, adapter } = anOpenAccount();
  const event = eventOf({ body: { kind: 'null', disposition: 'render' } } as never);
  expect(await adapter.reconcile(event, KEY)).toEqual({ found: 'unknown' });
  await take(webhookOf(RECORDED.find(({ what }) => what === 'status: sent')?.told ?? {}));
  expect(await adapter.reconcile(event, KEY)).toEqual({
    found: 'sent',
    delivered: { native: ['wamid.sent'], stage: 'submitted' },
  });
});

test('labels that are not ours are not read', () => {
  const status = (biz_opaque_callback_data: string) =>
    readStatuses(
      webhookOf({ statuses: [{ id: 'wamid.1', status: 'read', biz_opaque_callback_data }] }),
      PHONE_ID,
    )[0];
  for (const label of ['', 'order 17', `${KEY} far x`, `${KEY} FAR! ${OF_ALICE.id}`])
    expect(status(label)).not.toHaveProperty('of');
  const of = { key: KEY, event: { id: OF_ALICE.id, author: 'far' as Network } };
  expect(status(`${KEY} far ${OF_ALICE.id}`)).toMatchObject({ of });
});

test('the vector of a signature', () => {
  const body = '{"object":"whatsapp_business_account","entry":[]}';
  expect(createHmac('sha256', 'app-secret').update(body).digest('hex')).toBe(
    'd3e4f9da0ce6c71ab3dba55929b8eeeee2455349e534924ead19f98d143e904f',
  );
});

test.each([
  [190, 401, '91'],
  [10, 403, '36'],
  [200, 403, '36'],
  [368, 400, '36'],
  [4, 400, '65'],
  [80007, 429, '65'],
  [130429, 400, '65'],
  [131026, 400, '14'],
  [131047, 400, '101'],
  [131053, 400, '106'],
  [131000, 500, '91'],
  [132000, 400, '100'],
])('error %s with HTTP %s is %s', (code, status, expected) => {
  expect(whatsappError({ code, message: '' }, status)).toMatchObject({ code: expected });
});

test.each([
  [190, 400, true],
  [0, 401, true],
  [133010, 400, true],
  [131026, 400, false],
  [131000, 500, false],
])('after error %s with HTTP %s everything waits: %s', (code, status, away) => {
  expect(isAway(status, { code, message: '' })).toBe(away);
});

test('the rate to one person says when it is over, and an answer without an error goes by its status', () => {
  expect(whatsappError({ code: 131056, message: '' }, 400)).toMatchObject({ code: '65', retryAfterMs: 6000 });
  expect(whatsappError(undefined, 502)).toMatchObject({ code: '103' });
  expect(whatsappError(undefined, 503)).toMatchObject({ code: '65' });
  expect(whatsappError(undefined, 418).code).toBe('100');
});

test('a look-up names nobody: the platform does not tell who has a number', async () => {
  expect(await anOpenAccount().adapter.resolve(amira)).toEqual({ code: '00' });
});
