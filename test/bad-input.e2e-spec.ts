/** Promise 6: bad input to each edge gets a clear error with its code; no crash, nothing lost, no content in the log. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, credsAuthenticator } from '@nats-io/transport-node';
import {
  pathOf,
  addressOf,
  directConversation,
  eventId,
  laneOf,
  network,
  plainText,
  subjects,
  type Address,
  type Lane,
  type MessageEvent,
} from '#protocol';
import { alice, bob, setTheStage, texts, whole } from './support/alice-and-bob.js';
import { until } from './support/hub-fixture.js';
import { sees } from '#phones';
import type { Letter, Problem } from './support/standalone-fixture.js';

setTheStage({ acquainted: true });

describe('promise 6: bad input to each edge', () => {
  const xmpp = network('xmpp');
  let marker: number;

  /** Of the XMPP network only: those of the homeserver are written after its answer, perhaps during a later test. */
  async function letters(): Promise<Letter[]> {
    const path = `/v1/dead-letters?network=xmpp&after=${marker}`;
    return (await whole.console<{ items: Letter[] }>('GET', path)).body.items;
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
      path: pathOf(xmpp),
      data: { from: { address: from }, to, sentAt: now, content: { body: plainText('forged words') } },
    };
  }

  function unspeakable(): string {
    const event = anEvent('im:a@xmpp' as Address, 'im:b@tel' as Address, 'unspeakable');
    return JSON.stringify(event).replaceAll('im:b@tel', 'im:%FF@tel');
  }

  beforeEach(async () => {
    marker = 0;
    marker = (await letters()).at(-1)?.id ?? 0;
  });

  test.each<[string, string | Uint8Array, string | undefined, number, string]>([
    ['a wrong token', '{}', 'wrong-token', 403, 'M_FORBIDDEN'],
    ['malformed JSON', '{"events": [', undefined, 400, ''],
    // Refused, the homeserver would repeat it for ever: taken, and kept as a dead letter.
    ['JSON whose events are no list', '{"events": 42}', undefined, 200, ''],
    ['JSON that is no transaction', '42', undefined, 400, 'M_BAD_JSON'],
    [
      'invalid UTF-8 as an event',
      Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d),
      undefined,
      200,
      '',
    ],
  ])('the homeserver’s side: %s', async (_, body, token, status, errcode) => {
    const answer = await whole.push(`bad-${Math.random()}`, body, token);
    expect(answer.status).toBe(status);
    if (errcode) expect(answer.errcode).toBe(errcode);
  });

  test('the homeserver’s side: a body far too large is refused before it is sent', async () => {
    expect(await whole.announce(17 * 1024 * 1024)).toBe(413);
  });

  test('an unreadable event does not stop those beside it', async () => {
    const good = {
      type: 'm.room.message',
      event_id: '$beside',
      room_id: bob.knownRoom(whole.inMatrix()),
      sender: bob.native,
      content: { msgtype: 'm.text', body: 'beside the bad one' },
    };
    expect(
      await whole.push('mixed', JSON.stringify({ events: [42, { type: 7 }, null, good] })),
    ).toMatchObject({
      status: 200,
    });
    await sees(alice, 'the good one', ({ text }) => text === 'beside the bad one');
  });

  test.each<[string, string | Uint8Array]>([
    ['bytes that are no JSON', 'garbage'],
    ['invalid UTF-8', Uint8Array.of(0xff, 0xfe, 0x00)],
    ['JSON that is no event', '{"hello":"world"}'],
    ['300,000 bytes that are no JSON', 'x'.repeat(300_000)],
    ['an address that is no UTF-8', unspeakable()],
  ])('the bus: %s is buried with code 30', async (_, payload) => {
    await publishAs(
      'xmpp',
      subjects.in(xmpp, laneOf(directConversation('im:a@xmpp' as Address, 'im:b@matrix' as Address))),
      payload,
    );
    await until('a dead letter', async () => (await letters()).length === 1);
    expect((await letters())[0]).toMatchObject({ reason: '30', network: 'xmpp' });
  });

  test('the bus: more than the account of a network takes at once is refused by the server', async () => {
    await expect(publishAs('xmpp', subjects.in(xmpp, 0 as Lane), 'x'.repeat(900_000))).rejects.toThrow(
      /max_payload/,
    );
  });

  test('the bus: an event with a forged sender is dead-lettered with code 31, and nobody receives it', async () => {
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
      type: 'urn:hutong:problem:not-found',
    });
  });

  test('a dead letter that a network wrote itself sends nothing with the rights of the hub', async () => {
    const forged = anEvent(
      addressOf(network('matrix'), bob.native),
      addressOf(xmpp, alice.native),
      'by letter',
    );
    const letter = {
      seq: 1,
      reason: '30',
      detail: 'a lie',
      network: 'matrix',
      attempts: 1,
      at: new Date().toISOString(),
      payload: Buffer.from(JSON.stringify(forged)).toString('base64'),
    };
    const lane = laneOf(forged.subject);
    for (const subject of [
      `hub.in.matrix.${lane}`,
      `hub.out.xmpp.${lane}`,
      'hub.report.hub',
      '$KV.registry.x',
    ])
      await publishAs('xmpp', subjects.dead(xmpp), JSON.stringify({ ...letter, subject }));
    await publishAs('xmpp', subjects.dead(xmpp), 'no letter at all');
    await until('five letters', async () => (await letters()).length === 5);
    for (const { id, network: of } of await letters()) {
      expect(of).toBe('xmpp');
      expect((await whole.console('POST', `/v1/dead-letters/${id}/replay`)).status).toBe(404);
      expect((await whole.console('DELETE', `/v1/dead-letters/${id}`)).status).toBe(204);
    }
    expect(texts(alice, 'by letter')).toBe(0);
  });

  test.each<[string, string, string, unknown, number, string]>([
    ['a body with wrong types', 'POST', '/v1/networks', { network: 42, name: [] }, 400, 'network'],
    ['a name that is no slug', 'POST', '/v1/networks', { network: 'Not A Slug', name: 'x' }, 400, 'network'],
    ['a query out of range', 'GET', '/v1/dead-letters?limit=100000', undefined, 400, 'limit'],
    ['an id that is none', 'GET', '/v1/messages/x%20y/trace', undefined, 400, ''],
  ])('REST: %s', async (_, method, path, body, status, field) => {
    const answer = await whole.console<Problem>(method, path, body as object | undefined);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ type: 'urn:hutong:problem:invalid', status });
    if (field) expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  test('REST: no key, a wrong key, something that is not there', async () => {
    expect((await whole.console<Problem>('GET', '/v1/networks', undefined, 'wrong')).body).toMatchObject({
      status: 401,
      type: 'urn:hutong:problem:unauthenticated',
    });
    expect((await whole.console<Problem>('GET', '/v1/networks/nowhere')).body).toMatchObject({
      status: 404,
      type: 'urn:hutong:problem:not-found',
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
    expect(await sees(alice, 'an error', ({ kind, id }) => kind === 'error' && id === 'omemo')).toMatchObject(
      { state: 'feature-not-implemented', from: to, text: expect.stringContaining('(12') },
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

  test('no log contains a secret or the text of a message', () => {
    const { passwords, ...tokens } = whole.secrets();
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
