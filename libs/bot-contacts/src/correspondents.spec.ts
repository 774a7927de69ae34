import fc from 'fast-check';
import { addressOf, network, telAddress, type Address, type E164, type ResolveReply } from '#protocol';
import { Correspondents } from './correspondents.js';
import { memoryDouble } from './testing/memory-double.js';
import { readLine } from './read-line.js';
import { FUZZ_RUNS } from '../../../test/support/amounts.js';

const li = addressOf(network('wechat'), 'openid-of-li');
const alice = addressOf(network('xmpp'), 'alice@example.org');
const bob = addressOf(network('matrix'), '@bob:example.org');

/** No app has it. */
const TELEPHONE = telAddress('+8613900000001' as E164);

function aChannel(language: 'en' | 'zh' = 'en', kept = new Map<string, unknown>()) {
  const memory = memoryDouble(kept);
  let said = 0;
  const channel = new Correspondents(
    {
      memory,
      recent: memory,
      canonical: (address) => address,
      peers: () => [network('xmpp'), network('matrix')],
      resolve: (address: Address): Promise<ResolveReply> =>
        address.includes('nobody') || address.endsWith('@msn') || address === TELEPHONE
          ? Promise.resolve({ code: address.endsWith('@msn') ? '15' : '14' })
          : Promise.resolve({ code: '00', party: { address } }),
    },
    language,
  );
  return {
    channel,
    kept,
    li: (text: string, quoted?: Address) => channel.read(li, `${++said}`, text, quoted),
    liAgain: (text: string, id = said) => channel.read(li, `${id}`, text),
  };
}

describe('li, who has one account to write to, and friends on two networks', () => {
  test('she names alice once; what she writes then goes to alice, until she names bob', async () => {
    const { li: says } = aChannel();
    expect(await says('@alice@example.org@xmpp Hello Alice')).toEqual({
      act: 'send',
      to: alice,
      text: 'Hello Alice',
      notice: 'You now write to alice@example.org · xmpp.',
    });
    expect(await says('How are you?')).toEqual({ act: 'send', to: alice, text: 'How are you?' });
    expect(await says('@@bob:example.org@matrix')).toEqual({
      act: 'answer',
      text: 'You now write to @bob:example.org · matrix.',
    });
    expect(await says('2 things')).toEqual({ act: 'send', to: bob, text: '2 things' });
  });

  test('she writes to a telephone number that no app has: an SMS or a call may reach it', async () => {
    const { li: says } = aChannel();
    const notice = 'You now write to +8613900000001 · tel.';
    expect(await says('@+8613900000001@tel Hello')).toEqual({
      act: 'send',
      to: TELEPHONE,
      text: 'Hello',
      notice,
    });
    expect(await says('Are you there?')).toEqual({ act: 'send', to: TELEPHONE, text: 'Are you there?' });
  });

  test('alice sends a picture and bob writes meanwhile: his text does not come between her name and her picture', async () => {
    const { channel } = aChannel();
    const seen: string[] = [];
    const uploaded = Promise.withResolvers<void>();
    const picture = channel.say(li, { address: alice, displayName: 'Alice' }, 'a picture:', async (said) => {
      seen.push(said);
      await uploaded.promise;
      seen.push('(the picture)');
    });
    const text = channel.say(li, { address: bob, displayName: 'Bob' }, 'hello', (said) =>
      Promise.resolve(seen.push(said)),
    );
    // What is said to somebody else does not wait.
    const lin = addressOf(network('wechat'), 'openid-of-lin');
    await channel.say(lin, { address: bob, displayName: 'Bob' }, 'and lin', () => Promise.resolve());
    uploaded.resolve();
    await Promise.all([picture, text]);
    expect(seen).toEqual(['[1 Alice · xmpp ← chosen] a picture:', '(the picture)', '[2 Bob · matrix] hello']);
  });

  test('what could not be sent does not hold up what comes after it', async () => {
    const { channel } = aChannel();
    const lost = channel.say(li, { address: alice }, 'lost', () => Promise.reject(new Error('away')));
    const text = channel.say(li, { address: bob, displayName: 'Bob' }, 'hello', (said) =>
      Promise.resolve(said),
    );
    await expect(lost).rejects.toThrow('away');
    await expect(text).resolves.toBe('[2 Bob · matrix] hello');
  });

  test('a message that the network delivers twice has the same recipient both times, also after another choice', async () => {
    const { channel, kept, li: says, liAgain: saysAgain } = aChannel();
    await channel.show(li, { address: alice, displayName: 'Alice' }, 'hi');
    await channel.show(li, { address: bob, displayName: 'Bob' }, 'hello');
    const first = await says('for alice');
    await says('@2 for bob');
    expect(await saysAgain('for alice', 1)).toEqual(first);
    await says('@');
    const chosen = await says('1');
    expect(chosen).toMatchObject({ act: 'answer', text: expect.stringContaining('Alice') as string });
    expect(await saysAgain('1')).toEqual(chosen);
    const nextLife = aChannel('en', kept);
    expect(await nextLife.channel.read(li, '4', '1')).toEqual(chosen);
    const stranger = aChannel();
    expect(await stranger.li('to nobody yet')).toMatchObject({ act: 'answer' });
    await stranger.channel.show(li, { address: alice }, 'hi');
    expect(await stranger.liAgain('to nobody yet')).toMatchObject({ act: 'nothing' });
  });

  test('the canonical form of an address works too', async () => {
    expect(await aChannel().li(`@${bob} hi`)).toMatchObject({ act: 'send', to: bob, text: 'hi' });
  });

  test('she sees who writes and from where, and answers by number', async () => {
    const { channel, li: says } = aChannel();
    expect(await channel.show(li, { address: alice, displayName: 'Alice' }, 'hi')).toBe(
      '[1 Alice · xmpp ← chosen] hi',
    );
    expect(await channel.show(li, { address: bob, displayName: 'Bob' }, 'hello')).toBe(
      '[2 Bob · matrix] hello',
    );
    expect(await says('the first who wrote is chosen')).toMatchObject({ to: alice });
    expect(await says('@2 and now bob')).toEqual({
      act: 'send',
      to: bob,
      text: 'and now bob',
      notice: 'You now write to Bob · matrix.',
    });
    expect(await says('@2 still bob')).toEqual({ act: 'send', to: bob, text: 'still bob' });
    expect(await says('@Alice by name')).toMatchObject({
      to: alice,
      text: 'by name',
      notice: 'You now write to Alice · xmpp.',
    });
    expect(await says('@7 nobody')).toMatchObject({ act: 'answer', text: expect.stringContaining('7') });
  });

  test('a bare number chooses right after the list, and is a message otherwise', async () => {
    const { channel, li: says } = aChannel();
    await channel.show(li, { address: alice, displayName: 'Alice' }, 'hi');
    await channel.show(li, { address: bob, displayName: 'Bob' }, 'hello');
    expect(await says('2')).toEqual({ act: 'send', to: alice, text: '2' });
    expect(await says('@')).toEqual({
      act: 'answer',
      text: 'You talked to:\n2 Bob · matrix\n1 Alice · xmpp ← chosen\nAnswer with a number to choose.',
    });
    expect(await says('2')).toEqual({ act: 'answer', text: 'You now write to Bob · matrix.' });
    expect(await says('2')).toEqual({ act: 'send', to: bob, text: '2' });
  });

  test('a reply to a quoted message goes to its author; the choice stays', async () => {
    const { channel, li: says } = aChannel();
    await channel.show(li, { address: alice }, 'hi');
    expect(await says('to you, bob', bob)).toEqual({ act: 'send', to: bob, text: 'to you, bob' });
    expect(await says('to alice again')).toMatchObject({ to: alice });
  });

  test('a number stays with a person, also after a restart', async () => {
    const { channel, kept } = aChannel();
    await channel.show(li, { address: alice, displayName: 'Alice' }, 'hi');
    await channel.show(li, { address: bob, displayName: 'Bob' }, 'hello');
    const again = aChannel('en', kept);
    expect(await again.li('@2 still you')).toMatchObject({ to: bob });
    expect(await again.channel.show(li, { address: alice }, 'me again')).toBe('[1 Alice · xmpp] me again');
  });

  test.each([
    ['@nobody@example.org@xmpp hi', 'There is no such person: nobody@example.org · xmpp'],
    ['@carol@msn hi', 'There is no network "msn". Connected: xmpp, matrix.'],
    ['@carol hi', '"carol" is nobody you talked to. Name the network too: @carol@network text'],
    ['hello?', 'You have talked to nobody yet. @person@network text writes to somebody. /help'],
  ])('"%s" is answered with what to do', async (typed, answer) => {
    expect(await aChannel().li(typed)).toEqual({ act: 'answer', text: answer });
  });

  test('a person cannot pose as another by choosing their name', async () => {
    const { channel } = aChannel();
    const shown = await channel.show(li, { address: bob, displayName: 'Bob\n[1 Alice · xmpp' }, 'send money');
    expect(shown).toBe('[1 Bob 1 Alice xmpp · matrix ← chosen] send money');
  });

  test('a machine that answers our answers is not answered for ever', async () => {
    const { li: says } = aChannel();
    const readings = [];
    for (let turn = 0; turn < 7; turn++) readings.push((await says('I am away from my desk')).act);
    expect(readings).toEqual([...Array.from({ length: 5 }, () => 'answer'), 'nothing', 'nothing']);
  });

  test('help comes in the language in which it is asked for', async () => {
    const { li: says } = aChannel('zh');
    expect(await says('/help')).toMatchObject({ text: expect.stringContaining('Whatever you write') });
    expect(await says('/帮助')).toMatchObject({ text: expect.stringContaining('最近联系人') });
    expect(await says('喂')).toMatchObject({ text: expect.stringContaining('还没有联系人') });
  });
});

test('any typed line is parsed, and plain text stays unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.boolean(), (typed, listed) => {
      const line = readLine(typed, listed);
      if (line.want === 'text') expect(line.text).toBe(typed);
    }),
    { numRuns: FUZZ_RUNS },
  );
});
