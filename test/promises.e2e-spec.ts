/** Promises 3 and 4 against the real servers, and the console as its user uses it. */
import { join } from 'node:path';
import { alice, bob, pickUp, setTheStage, texts, whole } from './support/alice-and-bob.js';
import { until } from './support/hub-fixture.js';
import { sees } from '#phones';
import { PROCESS_EACH } from './support/standalone-fixture.js';
import { isQueuedForPush } from './support/synapse-pushes.js';

interface Trace {
  id: string;
  state: string;
  from: string;
  checkpoints: { stage: string; kind: string; network: string; code: string }[];
}

setTheStage({ acquainted: true, env: PROCESS_EACH });

/** Kills, and waits until another instance of the adapter serves. */
async function crash(
  slug: string,
  how = () => Promise.resolve(whole.kill(`adapter-${slug}`)),
): Promise<void> {
  const adapter = async () =>
    (
      await whole.console<{
        adapter: { signedOn: boolean; nativeConnected: boolean; instance?: string };
      }>('GET', `/v1/networks/${slug}`)
    ).body.adapter;
  const serves = (not?: string) => async () => {
    const { signedOn, nativeConnected, instance } = await adapter();
    return signedOn && nativeConnected && instance !== not;
  };
  await until(`${slug} to be signed on`, serves());
  const { instance } = await adapter();
  await how();
  await until(`${slug} to sign on again`, serves(instance));
}

describe('promise 3: the same native event, three times, once after a restart', () => {
  test('a Matrix transaction is delivered once', async () => {
    const event = {
      type: 'm.room.message',
      event_id: '$replayed-event',
      room_id: bob.knownRoom(whole.inMatrix()),
      sender: bob.native,
      origin_server_ts: Date.now(),
      content: { msgtype: 'm.text', body: 'once only' },
    };
    const transaction = JSON.stringify({ events: [event], unknown_field: { kept: true } });
    expect(await whole.push('replay-1', transaction)).toMatchObject({ status: 200 });
    expect(await whole.push('replay-1', transaction)).toMatchObject({ status: 200 });
    await crash('matrix');
    expect(await whole.push('replay-1', transaction)).toMatchObject({ status: 200 });
    const sentinel = {
      ...event,
      event_id: '$sentinel-event',
      content: { msgtype: 'm.text', body: 'the end of replays' },
    };
    expect(await whole.push('replay-2', JSON.stringify({ events: [sentinel] }))).toMatchObject({
      status: 200,
    });
    await sees(alice, 'the sentinel', ({ text }) => text === 'the end of replays');
    expect(texts(alice, 'once only')).toBe(1);
  });

  test('a transaction id that a homeserver uses again, after its crash, for other events', async () => {
    const event = (text: string) => ({
      type: 'm.room.message',
      event_id: `$${text.replaceAll(' ', '-')}`,
      room_id: bob.knownRoom(whole.inMatrix()),
      sender: bob.native,
      origin_server_ts: Date.now(),
      content: { msgtype: 'm.text', body: text },
    });
    for (const text of ['before the crash', 'after the crash'])
      await whole.push('same-number', JSON.stringify({ events: [event(text)] }));
    await sees(alice, 'what was said under the same number', ({ text }) => text === 'after the crash');
    expect(texts(alice, 'before the crash')).toBe(1);
  });

  test('an XMPP stanza is delivered once', async () => {
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    await crash('xmpp');
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    await alice.write(whole.inXmpp(), 'the end of stanzas');
    await sees(bob, 'the sentinel', ({ text }) => text === 'the end of stanzas');
    expect(texts(bob, 'just once')).toBe(1);
  });
});

describe('promise 2: an event that Synapse had stored when it crashed, and does not push again', () => {
  /** Bob writes while the adapter receives nothing; then both end at once. */
  async function writtenAtTheCrash(text: string): Promise<void> {
    await crash('matrix', async () => {
      whole.kill('adapter-matrix', 'SIGSTOP');
      const event = await bob.write(whole.inMatrix(), text);
      const synapse = join(whole.folder, 'synapse');
      await until('Synapse to hand the event to its queue of pushes', () => isQueuedForPush(synapse, event));
      whole.kill('synapse');
      whole.kill('adapter-matrix');
    });
  }

  test('arrives before later events', async () => {
    await writtenAtTheCrash('first words');
    await bob.write(whole.inMatrix(), 'last words');
    await sees(alice, 'the last message of bob', ({ text }) => text === 'last words');
    const ofBob = alice.timeline.flatMap(({ text }) => (text?.endsWith(' words') ? [text] : []));
    expect(ofBob).toEqual(['first words', 'last words']);
  });

  test('comes when nothing is written after it', async () => {
    await writtenAtTheCrash('nothing else to say');
    await sees(alice, 'the message of bob', ({ text }) => text === 'nothing else to say');
    expect(texts(alice, 'nothing else to say')).toBe(1);
  });
});

describe('promise 4: everything stopped and started, references survive', () => {
  let byAlice: string;
  let byAliceAtBob: string;
  let byBob: string;
  let byBobAtAlice: string;

  beforeAll(async () => {
    byAlice = await alice.write(whole.inXmpp(), 'before the restart, from alice');
    byAliceAtBob = (await sees(bob, 'her words', ({ text }) => text === 'before the restart, from alice')).id;
    byBob = await bob.write(whole.inMatrix(), 'before the restart, from bob');
    byBobAtAlice = (
      await sees(alice, 'the message of bob', ({ text }) => text === 'before the restart, from bob')
    ).id;
    await alice.hangUp();
    await bob.hangUp();
    await whole.stop();
    await whole.start();
    await pickUp();
  });

  test('an edit finds its message', async () => {
    await alice.edit(whole.inXmpp(), byAlice, 'edited after the restart');
    await sees(
      bob,
      'the edit',
      ({ kind, target, text }) =>
        kind === 'edit' && target === byAliceAtBob && text === 'edited after the restart',
    );
    await bob.edit(whole.inMatrix(), byBob, 'his edited after the restart');
    await sees(alice, 'the edit of bob', ({ kind, target }) => kind === 'edit' && target === byBobAtAlice);
  });

  test('a reaction finds its message', async () => {
    await alice.react(whole.inXmpp(), byBobAtAlice, ['🎉']);
    await sees(bob, 'the reaction', ({ kind, target }) => kind === 'reaction' && target === byBob);
    await bob.react(whole.inMatrix(), byAliceAtBob, ['👍']);
    await sees(alice, 'the reaction of bob', ({ kind, target }) => kind === 'reaction' && target === byAlice);
  });

  test('a reply finds its message', async () => {
    await alice.reply(whole.inXmpp(), byBobAtAlice, 'replied after the restart');
    await sees(
      bob,
      'the reply',
      ({ text, target }) => text === 'replied after the restart' && target === byBob,
    );
    await bob.reply(whole.inMatrix(), byAliceAtBob, 'so did he');
    await sees(alice, 'the reply of bob', ({ text, target }) => text === 'so did he' && target === byAlice);
  });

  test('a recall finds its message', async () => {
    await alice.recall(whole.inXmpp(), byAlice);
    await sees(bob, 'the recall', ({ kind, target }) => kind === 'recall' && target === byAliceAtBob);
    await bob.recall(whole.inMatrix(), byBob);
    await sees(
      alice,
      'the recall of bob',
      ({ kind, target }) => kind === 'recall' && target === byBobAtAlice,
    );
  });

  test('only the author may edit: another’s attempt changes nothing', async () => {
    const hers = await alice.write(whole.inXmpp(), 'mine alone');
    const atBob = await sees(bob, 'her words', ({ text }) => text === 'mine alone');
    const forged = {
      type: 'm.room.message',
      event_id: '$forged-edit',
      room_id: bob.knownRoom(whole.inMatrix()),
      sender: bob.native,
      content: {
        msgtype: 'm.text',
        body: '* forged',
        'm.new_content': { msgtype: 'm.text', body: 'forged' },
        'm.relates_to': { rel_type: 'm.replace', event_id: atBob.id },
      },
    };
    expect(await whole.push('forged', JSON.stringify({ events: [forged] }))).toMatchObject({ status: 200 });
    await sees(
      bob,
      'that it was refused',
      ({ kind, text }) => kind === 'notice' && (text ?? '').includes('25'),
    );
    expect(alice.timeline.some(({ kind, target }) => kind === 'edit' && target === hers)).toBe(false);
  });
});

describe('the console, as an admin uses it', () => {
  test('a message is traced by the id that its network gave it, and by ours', async () => {
    const native = await alice.write(whole.inXmpp(), 'follow me');
    await sees(bob, 'it', ({ text }) => text === 'follow me');
    await sees(alice, 'delivered', ({ kind, target }) => kind === 'delivered' && target === native);
    const byNative = () =>
      whole.console<Trace>('GET', `/v1/messages/trace?network=xmpp&native=${encodeURIComponent(native)}`);
    // The recorder may know "delivered" before "routed".
    await until('the trace', async () => {
      const { state, checkpoints } = (await byNative()).body;
      return state === 'delivered' && checkpoints.some(({ stage }) => stage === 'routed');
    });
    const { body } = await byNative();
    expect(body.checkpoints.map(({ stage, network: at }) => `${stage} ${at}`)).toEqual(
      expect.arrayContaining(['accepted xmpp', 'routed matrix', 'delivered matrix']),
    );
    expect((await whole.console<Trace>('GET', `/v1/messages/${body.id}/trace`)).body).toMatchObject({
      id: body.id,
      from: 'im:alice%40localhost@xmpp',
      state: 'delivered',
    });
  });

  test('networks show that they are connected and signed on: two things', async () => {
    const { body } = await whole.console<{
      items: { network: string; status: string; adapter: object }[];
    }>('GET', '/v1/networks');
    expect(body.items).toEqual([
      expect.objectContaining({
        network: 'matrix',
        status: 'live',
        adapter: expect.objectContaining({ signedOn: true, nativeConnected: true }) as object,
      }),
      expect.objectContaining({
        network: 'xmpp',
        status: 'live',
        adapter: expect.objectContaining({ signedOn: true, nativeConnected: true }) as object,
      }),
    ]);
  });

  test('people of a suspended network are notified, and can write again after the network was enabled', async () => {
    /** What becomes of a message of alice. */
    const fate = async (text: string) => {
      const id = await alice.write(whole.inXmpp(), text);
      const isRefused = () => alice.timeline.some((seen) => seen.kind === 'error' && seen.id === id);
      await until(`"${text}" to arrive or to be refused`, () => isRefused() || texts(bob, text) > 0);
      return isRefused() ? 'refused' : 'arrived';
    };
    let attempts = 0;
    await whole.console('POST', '/v1/networks/matrix/suspend', { reason: 'a test' });
    await until(
      'the suspension to take effect',
      async () => (await fate(`suspended? ${attempts++}`)) === 'refused',
    );
    const refused = await alice.write(whole.inXmpp(), 'too late');
    await sees(alice, 'an error', ({ kind, id }) => kind === 'error' && id === refused);
    await whole.console('POST', '/v1/networks/matrix/enable', { reason: 'a test' });
    await until('the end of it', async () => (await fate(`enabled? ${attempts++}`)) === 'arrived');
    await alice.write(whole.inXmpp(), 'again');
    await sees(bob, 'her words', ({ text }) => text === 'again');
    expect(texts(bob, 'too late')).toBe(0);
  });
});
