/** Nothing that a homeserver pushes disappears: recorded events, and any mutation of them, each leave a trace. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { AMY, BEN, MatrixStage, PORTAL } from '../../../test/support/matrix-stage.js';

type Json = Record<string, unknown>;

const recorded = JSON.parse(readFileSync(`${import.meta.dirname}/../fixtures/transactions.json`, 'utf8')) as {
  events: Json[];
  ephemeral: Json[];
};

let stage: MatrixStage;

beforeEach(async () => {
  stage = new MatrixStage();
  await stage.inPortal();
  await stage.amyWrote('$hello');
});
afterEach(() => stage.close());

/** Where an event ended; nothing at all is the fault. */
function traces(): string[] {
  return [
    ...stage.published.map(({ type }) => type),
    ...stage.notices(),
    ...stage.notCarried.map(({ kind }) => kind),
    ...stage.signals,
    // A room that was replaced is followed.
    ...stage.did('POST', '/join/').map(({ path }) => path),
  ];
}

async function traceOf(...events: unknown[]): Promise<string[]> {
  const before = traces().length;
  await stage.push(...events);
  return traces().slice(before);
}

describe('content without a canonical form is forwarded as text', () => {
  const words = async (type: string, content: Json, more: Json = {}) => {
    await stage.push(stage.event('$1', type, content, more));
    return stage.words();
  };
  const question = (text: string) => ({ 'org.matrix.msc1767.text': text });

  test.each([
    [
      'a poll (unstable)',
      'org.matrix.msc3381.poll.start',
      {
        'org.matrix.msc3381.poll.start': {
          question: question('Tea?'),
          answers: [
            { id: 'a', ...question('Yes') },
            { id: 'b', ...question('No') },
          ],
        },
      },
      '(sent a poll: Tea?)\n1. Yes\n2. No',
    ],
    [
      'a poll (stable)',
      'm.poll.start',
      {
        'm.poll': {
          question: { 'm.text': [{ body: 'Tea?' }] },
          answers: [{ 'm.id': 'a', 'm.text': [{ body: 'Yes' }] }],
        },
      },
      '(sent a poll: Tea?)\n1. Yes',
    ],
    [
      'a poll of which only the fallback can be read',
      'm.poll.start',
      { 'm.poll': null, 'm.text': [{ body: 'Tea or coffee?' }] },
      '(sent a poll: Tea or coffee?)',
    ],
    ['a call', 'm.call.invite', { call_id: '1' }, '(tried to call: call)'],
    [
      'a voice call',
      'm.call.invite',
      { call_id: '1', offer: { sdp: 'v=0\r\nm=audio 9 RTP/AVP 0\r\n' } },
      '(tried to call: voice call)',
    ],
    [
      'a call (MatrixRTC)',
      'org.matrix.msc4075.rtc.notification',
      { notification_type: 'ring', 'm.call.intent': 'video' },
      '(tried to call: video call)',
    ],
    [
      'an extensible message (unstable)',
      'org.matrix.msc1767.message',
      { 'org.matrix.msc1767.message': [{ body: 'hi', mimetype: 'text/plain' }] },
      'hi',
    ],
    ['an extensible message (stable)', 'm.message', { 'm.text': [{ body: 'hi' }] }, 'hi'],
    ['an extensible emote', 'm.emote', { 'm.text': [{ body: 'waves' }] }, '/me waves'],
    ['a type of somebody’s own, with words', 'org.example.dance', { body: 'dances' }, 'dances'],
    ['a msgtype of somebody’s own', 'm.room.message', { msgtype: 'org.example', body: 'hi' }, 'hi'],
    ['no msgtype', 'm.room.message', { body: 'hi' }, 'hi'],
  ])('%s', async (_, type, content, expected) => {
    expect(await words(type, content)).toEqual([expected]);
  });

  test.each([
    ['m.room.topic', { topic: 'tea' }, '(subject: tea)'],
    ['m.room.name', { name: 'Tea house' }, '(named the chat: Tea house)'],
    ['m.room.avatar', { url: 'mxc://a/b' }, '(changed the picture of the chat)'],
    ['m.room.pinned_events', { pinned: ['$hello'] }, '(pinned a message)'],
    [
      'org.matrix.msc3672.beacon_info',
      { live: true, description: 'on my way' },
      '(shares their live location: on my way)',
    ],
    ['m.beacon_info', { live: false }, '(stopped sharing their live location)'],
    ['org.matrix.msc3401.call.member', { application: 'm.call' }, '(tried to call: call)'],
  ])('the state %s', async (type, content, expected) => {
    expect(await words(type, content, { state_key: '' })).toEqual([expected]);
  });

  test('an answer to a poll names the chosen option, and the end of the poll gives the result', async () => {
    const poll = {
      'm.poll': {
        question: { 'm.text': [{ body: 'Tea?' }] },
        answers: [{ 'm.id': 'a', 'm.text': [{ body: 'Yes' }] }],
      },
    };
    stage.answers.set(`GET /rooms/${PORTAL}/event/$poll`, poll);
    const about = { 'm.relates_to': { rel_type: 'm.reference', event_id: '$poll' } };
    await stage.push(
      stage.event('$poll', 'm.poll.start', poll),
      stage.event('$answer', 'm.poll.response', { ...about, 'm.selections': ['a', 'unknown'] }),
      stage.event('$end', 'm.poll.end', { ...about, 'm.text': [{ body: 'Yes won' }] }),
    );
    expect(stage.words().slice(1)).toEqual(['(answered the poll: Yes)', '(closed the poll: Yes won)']);
    const [start, answer, end] = stage.messages();
    expect([answer?.data.content.inReplyTo, end?.data.content.inReplyTo]).toEqual([start?.id, start?.id]);
  });

  test('of a live location, the first position crosses as a place; the others are recorded without the place', async () => {
    const position = (id: string, uri: string) =>
      stage.event(id, 'm.beacon', {
        'm.relates_to': { rel_type: 'm.reference', event_id: '$live' },
        'm.location': { uri },
      });
    await stage.push(position('$1', 'geo:1,2'), position('$2', 'geo:3,4'));
    expect(stage.words().map((place) => JSON.parse(place) as unknown)).toMatchObject([
      { geometry: { coordinates: [2, 1] } },
    ]);
    expect(stage.notCarried).toMatchObject([{ kind: 'live-position' }]);
    expect(stage.notCarried[0]?.native).not.toContain('geo');
  });

  describe('where there are call pages', () => {
    const invite = {
      call_id: 'c1',
      version: '1',
      party_id: 'p',
      lifetime: 60_000,
      offer: { sdp: 'm=audio 9' },
    };
    const sent = () => stage.did('PUT', '/send/').map(({ path, body }) => [path.split('/').at(-2), body]);

    test.each([
      ['1', 'm.call.reject', { call_id: 'c1', version: '1' }],
      [0, 'm.call.hangup', { call_id: 'c1', version: 0 }],
    ])(
      'the client of a caller (version %s) stops ringing, and the caller gets the link',
      async (version, type, content) => {
        stage.callPage = 'https://hub.example/call/1';
        await stage.push(stage.event('$invite', 'm.call.invite', { ...invite, version }));
        expect(sent()).toMatchObject([
          [type, content],
          [
            'm.room.message',
            { msgtype: 'm.notice', body: '(voice call) To talk, open https://hub.example/call/1' },
          ],
        ]);
        expect(stage.words()).toEqual([]);
        // Some clients answer with the end of the call; one that came before is the caller's.
        const hangUp = (id: string, at: number) =>
          stage.event(id, 'm.call.hangup', { call_id: 'c1', version }, { origin_server_ts: at });
        await stage.push(hangUp('$answer', Date.now() + 1000));
        expect([stage.hungUp.length, stage.notCarried.length]).toEqual([0, 1]);
        await stage.push(hangUp('$before', Date.now() - 60_000));
        expect(stage.hungUp).toHaveLength(1);
      },
    );

    test('a call of which the homeserver tells late is told in words', async () => {
      stage.callPage = 'https://hub.example/call/1';
      const late = { origin_server_ts: Date.now() - 600_000 };
      await stage.push(stage.event('$invite', 'm.call.invite', invite, late));
      expect([stage.words(), sent()]).toEqual([['(tried to call: voice call)'], []]);
    });
  });

  test('a call that was reported already is not reported again when it rings', async () => {
    await stage.push(
      stage.event('$member', 'm.call.member', { application: 'm.call' }, { state_key: '_ben' }),
      stage.event('$ring', 'm.rtc.notification', {
        'm.relates_to': { rel_type: 'm.reference', event_id: '$member' },
      }),
    );
    expect(stage.words()).toEqual(['(tried to call: call)']);
  });
});

describe('an optional field that is null or of a wrong type is ignored', () => {
  test.each([
    ['m.relates_to', { 'm.in_reply_to': {} }],
    ['m.relates_to', null],
    ['m.relates_to', 'x'],
    ['m.relates_to', { rel_type: 7, event_id: null }],
    ['m.relates_to', { rel_type: 'm.replace' }],
    ['m.relates_to', { 'm.in_reply_to': { event_id: 9 } }],
    ['format', null],
    ['formatted_body', 5],
    ['m.new_content', null],
    ['m.mentions', 'x'],
    ['info', []],
  ])('%s: %j', async (field, value) => {
    await stage.push(stage.text('$1', 'hi', { [field]: value }));
    expect(stage.words()).toEqual(['hi']);
  });

  test('of a picture, too', async () => {
    const content = {
      msgtype: 'm.image',
      body: 'a.png',
      url: 'mxc://a/b',
      filename: null,
      info: { mimetype: 4 },
    };
    expect(await traceOf(stage.event('$1', 'm.room.message', content))).toEqual(['im.hutong.message.v1']);
  });

  test('of an edit whose new content is unreadable: the fallback text is the edit', async () => {
    await stage.push(stage.text('$1', 'tea'));
    await stage.push(
      stage.text('$2', '* coffee', {
        'm.new_content': { body: null },
        'm.relates_to': { rel_type: 'm.replace', event_id: '$1' },
      }),
    );
    expect(stage.words()).toEqual(['tea', 'coffee']);
    expect(stage.messages()[1]?.data.content.replaces).toBe(stage.messages()[0]?.id);
  });
});

describe('content that cannot be forwarded is refused to its sender', () => {
  test.each([
    ['an encrypted event', 'm.room.encrypted', { ciphertext: 'x' }, 'Encrypted messages cannot cross'],
    [
      'a picture of an encrypted room',
      'm.room.message',
      { msgtype: 'm.image', body: 'x', file: {} },
      'Encrypted',
    ],
    [
      'the verification of a device',
      'm.room.message',
      { msgtype: 'm.key.verification.request', body: 'x' },
      '(12)',
    ],
    ['a message that says nothing', 'm.room.message', { msgtype: 'm.text', body: '' }, '(30)'],
    [
      'a reaction with a picture that has no name',
      'm.reaction',
      { 'm.relates_to': { event_id: '$hello', key: 'mxc://a/b' } },
      '(30)',
    ],
    [
      'an edit of what never crossed',
      'm.room.message',
      { msgtype: 'm.text', body: 'x', 'm.relates_to': { rel_type: 'm.replace', event_id: '$no' } },
      '(25)',
    ],
  ])('%s', async (_, type, content, words) => {
    await stage.push(stage.event('$1', type, content));
    expect(stage.published).toEqual([]);
    expect(stage.notices()).toEqual([expect.stringContaining(words)]);
  });

  test('a third person in the room is notified once that the room is for two people', async () => {
    const eve = (id: string) => ({ ...stage.text(id, 'me too'), sender: '@eve:matrix.localhost' });
    await stage.push(eve('$1'), eve('$2'));
    expect(stage.notices()).toEqual([`Only what ${BEN} writes here reaches the other network.`]);
    expect(stage.notCarried).toMatchObject([{ kind: 'third-person' }]);
  });
});

describe('every recorded event, and every mutation of one', () => {
  /** Unlike the others, these may say nothing new: who is in the room already stays in it. */
  const isOfMembers = ({ type }: Json) => type === 'm.room.member';
  const others = recorded.events.filter((event) => !isOfMembers(event));

  test('the recording has all kinds', () => {
    expect(new Set(others.map(({ type }) => type)).size).toBeGreaterThan(25);
  });

  test.each(others.map((event, at) => [`${at} ${String(event['type'])}`, event] as const))(
    '%s leaves a trace',
    async (_, event) => {
      // The call was reported already, so its ring adds nothing.
      if (!String(event['type']).includes('rtc')) await stage.amyWrote(targetOf(event));
      expect((await traceOf(event)).length).toBeGreaterThan(0);
    },
  );

  test('any mutation leaves a trace', async () => {
    const value = fc.oneof(
      fc.constantFrom(
        null,
        undefined,
        '',
        0,
        -1,
        1e300,
        true,
        [],
        {},
        [null],
        { a: null },
        'x'.repeat(70_000),
        '\u0000',
        '\uD800',
      ),
      fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>,
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(others.length - 1), fc.nat(), value, async (which, where, put) => {
        const event = structuredClone(others[which] ?? {});
        const places = placesIn(event);
        const place = places[where % places.length];
        if (!place) return;
        place.set(put);
        event['event_id'] = typeof event['event_id'] === 'string' ? `$${Math.random()}` : event['event_id'];
        // Our own ghosts' events are our own: an echo.
        if (typeof event['sender'] === 'string' && event['sender'].startsWith('@_hutong')) return;
        const seen = await traceOf(event);
        expect({ event, seen: seen.length > 0 }).toEqual({ event, seen: true });
      }),
      { numRuns: 4000 },
    );
  });

  test('any mutation of an event that is not kept leaves a trace, or has the same text as before', async () => {
    for (const event of recorded.ephemeral)
      for (const at of placesIn(event).keys()) {
        const mutated = structuredClone(event);
        placesIn(mutated)[at]?.set(null);
        const before = traces().length;
        await stage.pushEphemeral(mutated);
        const isHarmless = ['last_active_ago', 'status_msg', 'ts', 'presence', 'user_ids', '@ben', '$'].some(
          (name) => (placesIn(event)[at]?.path ?? '').includes(name),
        );
        expect([mutated, isHarmless || traces().length > before]).toEqual([mutated, true]);
      }
  });

  test('a transaction whose lists are no lists is recorded, and stops nothing', async () => {
    await expect(stage.push(null, 7, 'x', [], {})).resolves.toBeUndefined();
    expect(stage.notCarried.map(({ kind }) => kind)).toEqual(Array(5).fill('unreadable'));
  });
});

interface Place {
  path: string;
  set(value: unknown): void;
}

/** Every field of a value, at any depth. */
function placesIn(value: unknown, path = ''): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Json;
  return Object.keys(fields).flatMap((key) => [
    {
      path: `${path}.${key}`,
      set: (put: unknown) => {
        if (put === undefined) delete fields[key];
        else fields[key] = put;
      },
    },
    ...placesIn(fields[key], `${path}.${key}`),
  ]);
}

function targetOf(event: Json): string {
  const content = event['content'] as { 'm.relates_to'?: { event_id?: string }; redacts?: string };
  return (
    content['m.relates_to']?.event_id ?? content.redacts ?? (event['redacts'] as string | undefined) ?? AMY
  );
}
