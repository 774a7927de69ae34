/**
 * Each recorded action becomes the draft that stands beside it and gets its response. Nothing disappears: whatever a bot sends,
 * it reads what became of it.
 */
import fc from 'fast-check';
import { HubError } from '#protocol';
import { mutated, mutations } from '../../../libs/bot-contacts/src/testing/mutations.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';
import type { Actions } from './actions.js';
import { aBot, BOT, RECORDED } from './testing/a-bot.js';

const opened: Awaited<ReturnType<typeof aBot>>[] = [];
async function open(refuses?: HubError) {
  const bot = await aBot({ refuses });
  opened.push(bot);
  return bot;
}
afterEach(async () => {
  for (const { adapter } of opened.splice(0)) await adapter.stop();
});

/** A copy without dates: what is sent has the time of the sending. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null, (key, of: unknown) => (key === 'sentAt' ? undefined : of)));
}

test('there are at least twenty', () => {
  expect(RECORDED.length).toBeGreaterThanOrEqual(20);
});

test.each(RECORDED)('$what: $leads', async ({ request, leads, event, response }) => {
  const { ask, double } = await open();
  expect(plain(await ask(request))).toEqual(response);
  await new Promise((resolve) => setImmediate(resolve));
  expect(double.submitted.length > 0 ? 'event' : 'words').toBe(leads);
  expect(plain(double.submitted[0])).toEqual(event ?? null);
});

test('a message that the hub refuses, or cannot store now, is answered with the reason', async () => {
  const [recorded] = RECORDED;
  for (const [code, retcode] of [
    ['30', 100],
    ['91', 103],
  ] as const) {
    const { ask } = await open(new HubError(code, 'refused'));
    expect(await ask(recorded?.request ?? {})).toMatchObject({
      status: 'failed',
      retcode,
      message: `${code} refused`,
    });
  }
});

test.each(['', 'null', '[]', '{', '"text"', '{"params":{}}', `${'['.repeat(30)}${']'.repeat(30)}`])(
  'what is no action is answered with 1400: %s',
  async (frame) => {
    const { adapter } = await open();
    const carryOut = Reflect.get(adapter, 'carryOut') as (bot: object, frame: Buffer) => Promise<object>;
    const bot = adapter.botOf('10001') ?? {};
    expect(await carryOut.call(adapter, bot, Buffer.from(frame))).toMatchObject({
      status: 'failed',
      retcode: 1400,
    });
  },
);

test('a recorded action gets a response after any mutation, and what it submits is a message', async () => {
  const { ask, double } = await open();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...RECORDED), mutations, async ({ request }, changes) => {
      const changed = mutated(request, changes);
      const before = double.submitted.length;
      const { status, retcode } = (await ask(changed)) as { status: string; retcode: number };
      expect({ changed, status }).toEqual({
        changed,
        status: expect.stringMatching(/^(ok|async|failed)$/) as string,
      });
      // An error that is no HubError would be 96: a fault of the adapter.
      expect([0, 1, 100, 103, 1400, 1404]).toContain(retcode);
      seen.add(double.submitted.length > before ? 'event' : status);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 4) },
  );
  expect([...seen]).toEqual(expect.arrayContaining(['event', 'ok', 'failed']));
});

test('a quote of what the bot was told this moment waits for its reference', async () => {
  const { adapter, ask, double } = await open();
  const { actions } = Reflect.get(adapter, 'running') as { actions: Actions };
  const hub = Reflect.get(Reflect.get(actions, 'tools'), 'hub') as { findNative: unknown };
  const crossed = { id: 'the-event' };
  const found = [undefined, undefined, crossed];
  hub.findNative = () => Promise.resolve(found.shift());
  actions.keep(BOT, { message_id: 77 });
  const message = [
    { type: 'reply', data: { id: '77' } },
    { type: 'text', data: { text: 'at once' } },
  ];
  await ask({ action: 'send_private_msg', params: { user_id: 'alice@far', message } });
  expect(double.submitted).toMatchObject([{ content: { inReplyTo: 'the-event' } }]);
});
