/** Promises 3, 4 and 6 against the real servers, and the console as its user uses it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import {
  addressOf,
  directConversation,
  eventId,
  laneOf,
  network,
  plainText,
  subjects,
  type Address,
  type MessageEvent,
} from '#protocol';
import { until } from './support/hub-fixture.js';
import type { MatrixPhone } from './support/matrix.phone.js';
import { sees, type Phone } from './support/phone.js';
import { StandaloneFixture } from './support/standalone-fixture.js';
import type { XmppPhone } from './support/xmpp.phone.js';

interface Trace {
  id: string;
  state: string;
  from: string;
  checkpoints: { stage: string; kind: string; network: string; code: string }[];
}
interface Letter {
  id: number;
  reason: string;
  detail: string;
  network: string;
  payload?: string;
}
interface Problem {
  status: number;
  code: string;
  detail: string;
  errors?: { field: string; rule: string }[];
}

let whole: StandaloneFixture;
let alice: XmppPhone;
let bob: MatrixPhone;

async function pickUp(): Promise<void> {
  [alice, bob] = [await whole.xmppPhone(), await whole.matrixPhone()];
}

function texts(phone: Phone, text: string): number {
  return phone.timeline.filter((seen) => seen.kind === 'text' && seen.text === text).length;
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 1500));

beforeAll(async () => {
  whole = await StandaloneFixture.open();
  await pickUp();
  await alice.write(whole.inXmpp(), 'first words');
  await sees(bob, 'her first words', ({ text }) => text === 'first words');
}, 180_000);

afterAll(async () => {
  await alice?.hangUp();
  await bob?.hangUp();
  await whole?.close();
}, 60_000);

function secrets(): {
  hsToken: string;
  asToken: string;
  componentSecret: string;
  adminKey: string;
  passwords: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(whole.folder, 'secrets.json'), 'utf8')) as ReturnType<typeof secrets>;
}

/** As the homeserver would push it. */
async function push(
  txn: string,
  body: string | Uint8Array,
  token = secrets().hsToken,
): Promise<{ status: number; errcode?: string }> {
  const registration = readFileSync(join(whole.folder, 'matrix-registration.yaml'), 'utf8');
  const url = /^url: (\S+)$/m.exec(registration)?.[1] ?? '';
  const response = await fetch(`${url}/_matrix/app/v1/transactions/${txn}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body as string,
  });
  return { status: response.status, ...((await response.json()) as object) };
}

async function adapterIsBack(slug: string): Promise<void> {
  const health = () =>
    whole.console<{ adapter: { signedOn: boolean; nativeConnected: boolean; instance?: string } }>(
      'GET',
      `/v1/networks/${slug}`,
    );
  const before = (await health()).body.adapter.instance;
  await until(`${slug} to sign on again`, async () => {
    const { adapter } = (await health()).body;
    return adapter.signedOn && adapter.nativeConnected && adapter.instance !== before;
  });
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
    expect(await push('replay-1', transaction)).toMatchObject({ status: 200 });
    expect(await push('replay-1', transaction)).toMatchObject({ status: 200 });
    const back = adapterIsBack('matrix');
    whole.kill('adapter-matrix');
    await back;
    expect(await push('replay-1', transaction)).toMatchObject({ status: 200 });
    await sees(alice, 'the message', ({ text }) => text === 'once only');
    await settled();
    expect(texts(alice, 'once only')).toBe(1);
  });

  test('an XMPP stanza is delivered once', async () => {
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    const back = adapterIsBack('xmpp');
    whole.kill('adapter-xmpp');
    await back;
    await alice.write(whole.inXmpp(), 'just once', 'same-stanza-id');
    await sees(bob, 'the message', ({ text }) => text === 'just once');
    await settled();
    expect(texts(bob, 'just once')).toBe(1);
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
    byBobAtAlice = (await sees(alice, 'his words', ({ text }) => text === 'before the restart, from bob')).id;
    await alice.hangUp();
    await bob.hangUp();
    await whole.stop();
    await whole.start();
    await pickUp();
  }, 180_000);

  test('an edit finds its message', async () => {
    await alice.edit(whole.inXmpp(), byAlice, 'edited after the restart');
    await sees(
      bob,
      'the edit',
      ({ kind, target, text }) =>
        kind === 'edit' && target === byAliceAtBob && text === 'edited after the restart',
    );
    await bob.edit(whole.inMatrix(), byBob, 'his edited after the restart');
    await sees(alice, 'his edit', ({ kind, target }) => kind === 'edit' && target === byBobAtAlice);
  });

  test('a reaction finds its message', async () => {
    await alice.react(whole.inXmpp(), byBobAtAlice, ['🎉']);
    await sees(bob, 'the reaction', ({ kind, target }) => kind === 'reaction' && target === byBob);
    await bob.react(whole.inMatrix(), byAliceAtBob, ['👍']);
    await sees(alice, 'his reaction', ({ kind, target }) => kind === 'reaction' && target === byAlice);
  });

  test('a reply finds its message', async () => {
    await alice.reply(whole.inXmpp(), byBobAtAlice, 'replied after the restart');
    await sees(
      bob,
      'the reply',
      ({ text, target }) => text === 'replied after the restart' && target === byBob,
    );
    await bob.reply(whole.inMatrix(), byAliceAtBob, 'so did he');
    await sees(alice, 'his reply', ({ text, target }) => text === 'so did he' && target === byAlice);
  });

  test('a recall finds its message', async () => {
    await alice.recall(whole.inXmpp(), byAlice);
    await sees(bob, 'the recall', ({ kind, target }) => kind === 'recall' && target === byAliceAtBob);
    await bob.recall(whole.inMatrix(), byBob);
    await sees(alice, 'his recall', ({ kind, target }) => kind === 'recall' && target === byBobAtAlice);
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
    expect(await push('forged', JSON.stringify({ events: [forged] }))).toMatchObject({ status: 200 });
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
    await until('the trace', async () => (await byNative()).body.state === 'delivered');
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
    const { body } = await whole.console<{ network: string; status: string; adapter: object }[]>(
      'GET',
      '/v1/networks',
    );
    expect(body).toEqual([
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

  test('a suspended network’s people are told, and after enabling can write again', async () => {
    await whole.console('POST', '/v1/networks/matrix/suspend');
    await settled();
    const refused = await alice.write(whole.inXmpp(), 'too late');
    await sees(alice, 'an error', ({ kind, id }) => kind === 'error' && id === refused);
    await whole.console('POST', '/v1/networks/matrix/enable');
    await settled();
    await alice.write(whole.inXmpp(), 'again');
    await sees(bob, 'her words', ({ text }) => text === 'again');
    expect(texts(bob, 'too late')).toBe(0);
  });
});

describe('promise 6: bad input to each edge', () => {
  const xmpp = network('xmpp');
  let marker: number;

  async function letters(): Promise<Letter[]> {
    return (await whole.console<{ items: Letter[] }>('GET', `/v1/dead-letters?after=${marker}`)).body.items;
  }

  async function publishAs(slug: string, subject: string, payload: string | Uint8Array): Promise<void> {
    const creds = readFileSync(join(whole.folder, `adapter-${slug}.creds`));
    const nc = await connect({ servers: whole.file.nats.url, authenticator: credsAuthenticator(creds) });
    nc.publish(subject, payload);
    await nc.flush();
    await nc.close();
  }

  function anEvent(from: Address, to: Address, native: string): MessageEvent {
    const now = new Date().toISOString();
    return {
      specversion: '1.0',
      id: eventId(xmpp, 'message', native),
      source: '/network/xmpp',
      type: 'im.hutong.message.v1',
      time: now,
      subject: directConversation(from, to),
      datacontenttype: 'application/json',
      path: [xmpp],
      data: { from: { address: from }, to, sentAt: now, content: { body: plainText('forged words') } },
    };
  }

  beforeEach(async () => {
    marker = 0;
    marker = (await letters()).at(-1)?.id ?? 0;
  });

  test.each<[string, string | Uint8Array, string | undefined, number, string]>([
    ['a wrong token', '{}', 'wrong-token', 403, 'M_FORBIDDEN'],
    ['malformed JSON', '{"events": [', undefined, 400, ''],
    ['JSON that is no transaction', '{"events": 42}', undefined, 400, 'M_BAD_JSON'],
    ['a body far too large', `{"events": ["${'x'.repeat(17 * 1024 * 1024)}"]}`, undefined, 413, ''],
    [
      'invalid UTF-8 as an event',
      Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
      undefined,
      200,
      '',
    ],
  ])('the homeserver’s side: %s', async (_, body, token, status, errcode) => {
    const answer = await push(`bad-${Math.random()}`, body, token);
    expect(answer.status).toBe(status);
    if (errcode) expect(answer.errcode).toBe(errcode);
  });

  test('an unreadable event does not stop those beside it', async () => {
    const good = {
      type: 'm.room.message',
      event_id: '$beside',
      room_id: bob.knownRoom(whole.inMatrix()),
      sender: bob.native,
      content: { msgtype: 'm.text', body: 'beside the bad one' },
    };
    expect(await push('mixed', JSON.stringify({ events: [42, { type: 7 }, null, good] }))).toMatchObject({
      status: 200,
    });
    await sees(alice, 'the good one', ({ text }) => text === 'beside the bad one');
  });

  test.each<[string, string | Uint8Array]>([
    ['bytes that are no JSON', 'garbage'],
    ['invalid UTF-8', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['JSON that is no event', '{"hello":"world"}'],
  ])('the bus: %s is buried with code 30', async (_, payload) => {
    await publishAs(
      'xmpp',
      subjects.in(xmpp, laneOf(directConversation('im:a@xmpp' as Address, 'im:b@matrix' as Address))),
      payload,
    );
    await until('a dead letter', async () => (await letters()).length === 1);
    expect((await letters())[0]).toMatchObject({ reason: '30', network: 'xmpp' });
  });

  test('the bus: a spoofed sender is buried with code 31, and nobody sees his words', async () => {
    const forged = anEvent(addressOf(network('matrix'), bob.native), addressOf(xmpp, alice.native), 'spoof');
    await publishAs('xmpp', subjects.in(xmpp, laneOf(forged.subject)), JSON.stringify(forged));
    await until('a dead letter', async () => (await letters()).length === 1);
    expect((await letters())[0]).toMatchObject({ reason: '31', network: 'xmpp' });
    expect(texts(alice, 'forged words')).toBe(0);
  });

  test('dead letters are shown with their bytes, replayed, discarded', async () => {
    await publishAs(
      'xmpp',
      subjects.in(xmpp, laneOf(directConversation('im:a@xmpp' as Address, 'im:b@matrix' as Address))),
      'replay me',
    );
    await until('a dead letter', async () => (await letters()).length === 1);
    const [letter] = await letters();
    const shown = await whole.console<Letter>('GET', `/v1/dead-letters/${letter?.id}`);
    expect(Buffer.from(shown.body.payload ?? '', 'base64').toString()).toBe('replay me');
    expect((await whole.console('POST', `/v1/dead-letters/${letter?.id}/replay`)).status).toBe(202);
    // As bad as before, it dies again, under a new number.
    await until('it to die again', async () => (await letters()).some(({ id }) => id !== letter?.id));
    const again = (await letters()).at(-1);
    expect((await whole.console('DELETE', `/v1/dead-letters/${again?.id}`)).status).toBe(204);
    expect((await whole.console<Problem>('GET', `/v1/dead-letters/${again?.id}`)).body).toMatchObject({
      status: 404,
      code: '14',
    });
  });

  test.each<[string, string, string, unknown, number, string]>([
    ['a body with wrong types', 'POST', '/v1/networks', { network: 42, name: [] }, 400, 'network'],
    ['a name that is no slug', 'POST', '/v1/networks', { network: 'Not A Slug', name: 'x' }, 400, 'network'],
    ['a query out of range', 'GET', '/v1/dead-letters?limit=100000', undefined, 400, 'limit'],
    ['an id that is none', 'GET', '/v1/messages/x%20y/trace', undefined, 400, ''],
  ])('REST: %s', async (_, method, path, body, status, field) => {
    const answer = await whole.console<Problem>(method, path, body as object | undefined);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: '30', status });
    if (field) expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  test('REST: no key, a wrong key, something that is not there', async () => {
    expect((await whole.console<Problem>('GET', '/v1/networks', undefined, 'wrong')).body).toMatchObject({
      status: 401,
      code: '31',
    });
    expect((await whole.console<Problem>('GET', '/v1/networks/nowhere')).body).toMatchObject({
      status: 404,
      code: '14',
    });
  });

  test('XMPP: encrypted, broken and enormous stanzas get an error or are ignored; the next message crosses', async () => {
    const { xml } = await import('@xmpp/client');
    const to = whole.inXmpp();
    await alice.raw(
      xml(
        'message',
        { to, id: 'omemo', type: 'chat' },
        xml('encrypted', { xmlns: 'eu.siacs.conversations.axolotl' }),
        xml('body', {}, 'hidden'),
      ),
    );
    expect((await sees(alice, 'an error', ({ kind, id }) => kind === 'error' && id === 'omemo')).state).toBe(
      'feature-not-implemented',
    );
    await alice.raw(
      xml(
        'message',
        { to, id: 'no-target', type: 'chat' },
        xml('replace', { xmlns: 'urn:xmpp:message-correct:0' }),
        xml('body', {}, 'edit of nothing'),
      ),
    );
    expect(
      (await sees(alice, 'an error', ({ kind, id }) => kind === 'error' && id === 'no-target')).state,
    ).toBe('bad-request');
    await alice.raw(
      xml('message', { to: 'x y@@matrix.hub.localhost', id: 'odd', type: 'chat' }, xml('body', {}, 'odd')),
    );
    await alice.raw(xml('message', { to, type: 'chat' }, xml('poll', { xmlns: 'urn:example:unknown' })));
    await alice.write(to, 'still here');
    await sees(bob, 'the next message', ({ text }) => text === 'still here');
  });

  test('a text beyond the limit arrives whole, in pieces', async () => {
    const long = Array.from({ length: 2500 }, (_, index) => `word${index}`).join(' ');
    await alice.write(whole.inXmpp(), long);
    await sees(bob, 'the end', ({ text }) => (text ?? '').endsWith('word2499'));
    const pieces = bob.timeline.filter(({ kind, text }) => kind === 'text' && /word\d/.test(text ?? ''));
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.map(({ text }) => text).join('')).toBe(long);
  });

  test('no log holds a secret or what was said', () => {
    const { passwords, ...tokens } = secrets();
    const hidden = [
      ...Object.values(passwords),
      tokens.adminKey,
      tokens.asToken,
      tokens.hsToken,
      tokens.componentSecret,
      'first words',
      'forged words',
      'before the restart',
    ];
    for (const file of readdirSync(join(whole.folder, 'logs'))) {
      const log = readFileSync(join(whole.folder, 'logs', file), 'utf8');
      expect(log.length).toBeGreaterThan(0);
      for (const secret of hidden) expect(log.includes(secret)).toBe(false);
    }
  });
});
