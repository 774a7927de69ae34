/** Promise 1: alice on XMPP and bob on Matrix, who do not know each other, through Prosody, the hub and Synapse. */
import { networksBench } from './bench/networks.js';
import { expectMeasured, SMOKE } from './support/bench-smoke.js';
import { alice, bob, setTheStage, whole } from './support/alice-and-bob.js';
import { sees } from '#phones';

/** The ghost of bob that alice sees, and the ghost of alice that bob sees. */
let bobsGhost: string;
let alicesGhost: string;

setTheStage({ acquainted: false });

beforeAll(() => {
  [bobsGhost, alicesGhost] = [whole.inXmpp(), whole.inMatrix()];
});

describe('alice@xmpp and bob@matrix, strangers until now', () => {
  let hello: string;
  let helloAtBob: string;
  let answer: string;
  let answerAtAlice: string;

  test('alice writes, and bob gets a direct chat from a ghost named after her and her network', async () => {
    hello = await alice.write(bobsGhost, 'Hello Bob, this is Alice');
    const invited = await sees(
      bob,
      'an invitation',
      ({ kind, from }) => kind === 'invited' && from === alicesGhost,
    );
    expect(invited.from).toContain('xmpp');
    const seen = await sees(bob, 'her words', ({ text }) => text === 'Hello Bob, this is Alice');
    helloAtBob = seen.id;
    const { displayname } = await bob.call<{ displayname: string }>(
      'GET',
      `/profile/${encodeURIComponent(alicesGhost)}`,
    );
    expect(displayname).toBe('alice (xmpp)');
  });

  test('alice sees delivered, and read when bob has read it', async () => {
    await sees(alice, 'delivered', ({ kind, target }) => kind === 'delivered' && target === hello);
    await bob.markRead(alicesGhost, helloAtBob);
    await sees(alice, 'read', ({ kind, target }) => kind === 'read' && target === hello);
  });

  test('bob answers; bob too sees delivered and read', async () => {
    answer = await bob.write(alicesGhost, 'Hi Alice!');
    const seen = await sees(
      alice,
      'the message of bob',
      ({ kind, text, from }) => kind === 'text' && text === 'Hi Alice!' && from === bobsGhost,
    );
    answerAtAlice = seen.id;
    await sees(bob, 'delivered', ({ kind, target }) => kind === 'delivered' && target === answer);
    await alice.markRead(bobsGhost, answerAtAlice);
    await sees(
      bob,
      'read',
      ({ kind, target, from }) => kind === 'read' && target === answer && from === alicesGhost,
    );
  });

  test('each replies to the other', async () => {
    await bob.reply(alicesGhost, helloAtBob, 'how did you find me?');
    await sees(
      alice,
      'a reply to her first words',
      ({ text, target, quote }) =>
        text === 'how did you find me?' && target === hello && quote === '> Hello Bob, this is Alice\n',
    );
    await alice.reply(bobsGhost, answerAtAlice, 'through the switch');
    await sees(
      bob,
      'a reply to the first message of bob',
      ({ text, target }) => text === 'through the switch' && target === answer,
    );
  });

  test('each edits, and it is always the first version that is edited', async () => {
    await alice.edit(bobsGhost, hello, 'Hello Bob, Alice here');
    await sees(
      bob,
      'the edit',
      ({ kind, text, target }) =>
        kind === 'edit' && text === 'Hello Bob, Alice here' && target === helloAtBob,
    );
    await alice.edit(bobsGhost, hello, 'Hello dear Bob');
    await sees(
      bob,
      'the second edit',
      ({ kind, text, target }) => kind === 'edit' && text === 'Hello dear Bob' && target === helloAtBob,
    );
    await bob.edit(alicesGhost, answer, 'Hi dear Alice!');
    await sees(
      alice,
      'the edit of bob',
      ({ kind, text, target }) => kind === 'edit' && text === 'Hi dear Alice!' && target === answerAtAlice,
    );
  });

  test('each reacts, and takes it back', async () => {
    await alice.react(bobsGhost, answerAtAlice, ['👍', '🎉']);
    for (const emoji of ['👍', '🎉'])
      await sees(
        bob,
        emoji,
        (seen) => seen.kind === 'reaction' && seen.target === answer && seen.emoji?.[0] === emoji,
      );
    const thumb = await sees(
      bob,
      'the thumb',
      (seen) => seen.kind === 'reaction' && seen.emoji?.[0] === '👍',
    );
    await alice.react(bobsGhost, answerAtAlice, ['🎉']);
    await sees(bob, 'the thumb taken back', ({ kind, target }) => kind === 'recall' && target === thumb.id);
    await bob.react(alicesGhost, helloAtBob, ['😀']);
    await sees(
      alice,
      'the reaction of bob',
      ({ kind, target, emoji }) => kind === 'reaction' && target === hello && emoji?.[0] === '😀',
    );
  });

  test('each recalls', async () => {
    const slip = await alice.write(bobsGhost, 'a slip');
    const slipAtBob = await sees(bob, 'the slip', ({ text }) => text === 'a slip');
    await alice.recall(bobsGhost, slip);
    await sees(bob, 'the recall', ({ kind, target }) => kind === 'recall' && target === slipAtBob.id);
    const mistake = await bob.write(alicesGhost, 'a mistake');
    const mistakeAtAlice = await sees(alice, 'the mistake', ({ text }) => text === 'a mistake');
    await bob.recall(alicesGhost, mistake);
    await sees(
      alice,
      'the recall of bob',
      ({ kind, target }) => kind === 'recall' && target === mistakeAtAlice.id,
    );
  });

  test('formatting crosses both ways', async () => {
    await alice.write(bobsGhost, 'this is *bold* and _slanted_');
    await sees(
      bob,
      'bold in HTML',
      ({ state }) => state === 'this is <strong>bold</strong> and <em>slanted</em>',
    );
    await bob.writeHtml(alicesGhost, 'so is this', 'so is <strong>this</strong>');
    await sees(alice, 'bold in styling', ({ text }) => text === 'so is *this*');
  });

  test('typing goes both ways', async () => {
    await alice.type(bobsGhost, true);
    await sees(
      bob,
      'alice typing',
      ({ kind, from, state }) => kind === 'typing' && from === alicesGhost && state === 'composing',
    );
    await bob.type(alicesGhost, true);
    await sees(
      alice,
      'bob typing',
      ({ kind, from, state }) => kind === 'typing' && from === bobsGhost && state === 'composing',
    );
  });

  test('presence goes both ways, once each has accepted the other', async () => {
    await sees(
      alice,
      "bob's wish to see her presence",
      ({ kind, from }) => kind === 'subscribe' && from === bobsGhost,
    );
    await alice.subscription(bobsGhost, 'subscribe');
    await sees(alice, 'the consent of bob', ({ kind, from }) => kind === 'subscribed' && from === bobsGhost);
    await bob.appear('away', 'at lunch');
    await sees(
      alice,
      'bob at lunch',
      ({ kind, from, state, text }) =>
        kind === 'presence' && from === bobsGhost && state === 'away' && text === 'at lunch',
    );
    await alice.appear('away', 'in a meeting');
    await sees(
      bob,
      'alice in a meeting',
      ({ kind, from, state, text }) =>
        kind === 'presence' && from === alicesGhost && state === 'unavailable' && text === 'in a meeting',
    );
  });

  test('a message to an unknown recipient gives the sender an error of their own network at once', async () => {
    const nobodyInXmpp = bobsGhost.replace('%40bob', '%40nobody');
    const lost = await alice.write(nobodyInXmpp, 'is anybody there?');
    const error = await sees(alice, 'item-not-found', ({ kind, id }) => kind === 'error' && id === lost);
    expect(error.state).toBe('item-not-found');
    expect(error.text).toContain('14');
    const nobodyInMatrix = alicesGhost.replace('alice', 'nobody');
    await bob.write(nobodyInMatrix, 'is anybody there?').catch(() => undefined);
    const refused = await sees(
      bob,
      'a refusal',
      ({ kind, from, text }) =>
        (kind === 'error' || kind === 'notice') && from === nobodyInMatrix && (text ?? '').includes('14'),
    );
    expect(refused.text).toMatch(/no such person/i);
  });
});

test('the part networks of the bench', async () => expectMeasured(await networksBench(whole, SMOKE)));
