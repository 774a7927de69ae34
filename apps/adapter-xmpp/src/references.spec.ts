/** Which message an id means: within its stream, through corrections, and when it names no message at all. */
import { ALICE, BOB, XmppInbound, type Trace } from '../../../test/support/xmpp-inbound.js';

const chat = (inner: string, id = 'm1', more = '') =>
  `<message from='alice@localhost/phone' to='bob@matrix.hub.localhost' type='chat' id='${id}'>${inner}${more}</message>`;
const inStream = (id: string) => `<session xmlns='urn:hutong:link:0' id='${id}'/>`;
const queued = (id: string) => `<queued xmlns='urn:hutong:link:0' id='${id}'/>`;
const origin = (id: string) => `<origin-id xmlns='urn:xmpp:sid:0' id='${id}'/>`;
const displayed = (id: string) => chat(`<displayed xmlns='urn:xmpp:chat-markers:0' id='${id}'/>`, `d-${id}`);
const edit = (target: string, id: string) =>
  chat(`<body>edited by ${id}</body><replace xmlns='urn:xmpp:message-correct:0' id='${target}'/>`, id);

function messageIn(traces: Trace[]) {
  const [found] = traces.filter((trace) => trace.to === 'bus' && trace.what === 'message');
  if (found?.to !== 'bus' || found.what !== 'message')
    throw new Error(`no message: ${JSON.stringify(traces)}`);
  return found;
}

function readIn(traces: Trace[]): string[] {
  return traces.flatMap((trace) =>
    trace.to === 'bus' && trace.what === 'receipt' ? trace.draft.messages : [],
  );
}

describe('the identity of a message', () => {
  test.each([
    ['in the same stream is the same message', [inStream('s1'), inStream('s1')], true],
    ['in another stream is another message', [inStream('s1'), inStream('s2')], false],
    ['that the server hands over again is the same message', [queued('q1'), queued('q1')], true],
    ['where no stream is known is another message', ['', ''], false],
    [
      'with an origin-id is the same message in every stream',
      [inStream('s1') + origin('o'), inStream('s2') + origin('o')],
      true,
    ],
  ])('an id that comes again %s', async (_, [one = '', other = ''], same) => {
    const inbound = new XmppInbound();
    const first = messageIn(await inbound.receive(chat('<body>one</body>', '1', one)));
    const second = messageIn(await inbound.receive(chat('<body>two</body>', '1', other)));
    expect(first.id === second.id).toBe(same);
  });

  test('a reference to an id that was used again means the last message with it', async () => {
    const inbound = new XmppInbound();
    await inbound.receive(chat('<body>one</body>', '1', inStream('s1')));
    const second = messageIn(await inbound.receive(chat('<body>two</body>', '1', inStream('s2'))));
    expect(messageIn(await inbound.receive(edit('1', '2'))).draft.content.replaces).toBe(second.id);
  });

  test('a message under the id of one that was received is no echo', async () => {
    const inbound = new XmppInbound();
    const bobs = inbound.bobSaid('q'.repeat(27));
    const { draft } = messageIn(await inbound.receive(chat('<body>mine</body>', 'q'.repeat(27))));
    expect(draft.nativeId).not.toBe('q'.repeat(27));
    expect(draft.nativeId).not.toBe(bobs);
  });
});

describe('a correction', () => {
  test('that names the correction before it edits the first version', async () => {
    const inbound = new XmppInbound();
    const first = messageIn(await inbound.receive(chat('<body>one</body>', 'first')));
    for (const [target, id] of [
      ['first', 'e1'],
      ['e1', 'e2'],
      ['e2', 'e3'],
    ] as const)
      expect(messageIn(await inbound.receive(edit(target, id))).draft.content.replaces).toBe(first.id);
  });

  test('is retracted with its message, under its own id or the first one', async () => {
    const inbound = new XmppInbound();
    const first = messageIn(await inbound.receive(chat('<body>one</body>', 'first')));
    await inbound.receive(edit('first', 'e1'));
    for (const id of ['e1', 'first']) {
      const { draft } = messageIn(
        await inbound.receive(chat(`<retract xmlns='urn:xmpp:message-retract:1' id='${id}'/>`, `r-${id}`)),
      );
      expect(draft.content).toMatchObject({ replaces: first.id, body: { kind: 'null' } });
    }
  });

  test('by the other side is a message that can be answered and read', async () => {
    const inbound = new XmppInbound();
    const bobs = inbound.bobSaid('b1');
    await inbound.references.corrects('b1-edit', { id: bobs, author: BOB } as never);
    expect(readIn(await inbound.receive(displayed('b1-edit')))).toEqual([bobs]);
    const reply = `<body>yes</body><reply xmlns='urn:xmpp:reply:0' id='b1-edit'/>`;
    expect(messageIn(await inbound.receive(chat(reply, 'a1'))).draft.content.inReplyTo).toBe(bobs);
  });
});

describe('"displayed" means the last message before', () => {
  test('a reaction or a retraction of the other side', async () => {
    const inbound = new XmppInbound();
    const first = inbound.bobSaid('b1');
    await inbound.references.follows('reaction', BOB, ALICE);
    inbound.bobSaid('b2');
    expect(readIn(await inbound.receive(displayed('reaction')))).toEqual([first]);
  });

  test('one of our own markers, also after a restart', async () => {
    const inbound = new XmppInbound();
    const first = inbound.bobSaid('b1');
    const marker = inbound.references.idAfter(BOB, ALICE, 'marker-0');
    inbound.bobSaid('b2');
    expect(readIn(await inbound.receive(displayed(marker)))).toEqual([first]);
  });

  test('the reader’s own message', async () => {
    const inbound = new XmppInbound();
    const first = inbound.bobSaid('b1');
    await inbound.receive(chat('<body>mine</body>', 'mine'));
    inbound.bobSaid('b2');
    expect(readIn(await inbound.receive(displayed('mine')))).toEqual([first]);
  });

  test.each(['unknown', 'q'.repeat(27), '~', `${'q'.repeat(27)}~x`, ''])(
    'nothing, for the id "%s"',
    async (id) => {
      const inbound = new XmppInbound();
      inbound.bobSaid('b1');
      const traces = await inbound.receive(displayed(id));
      expect(readIn(traces)).toEqual([]);
      expect(traces).toHaveLength(1);
    },
  );

  test('nothing, for a message of two other people', async () => {
    const inbound = new XmppInbound();
    inbound.bobSaid('b1');
    const others = displayed('b1').replace('alice@', 'eve@');
    expect(readIn(await inbound.receive(others))).toEqual([]);
  });
});

test('a receipt for a reaction, a correction of one, and a reaction to one end as a trace or a refusal', async () => {
  const inbound = new XmppInbound();
  inbound.bobSaid('b1');
  await inbound.references.follows('reaction', BOB, ALICE);
  const ends = [];
  for (const inner of [
    `<received xmlns='urn:xmpp:receipts' id='reaction'/>`,
    `<reactions xmlns='urn:xmpp:reactions:0' id='reaction'><reaction>👍</reaction></reactions>`,
    `<retract xmlns='urn:xmpp:message-retract:1' id='reaction'/>`,
    `<body>x</body><replace xmlns='urn:xmpp:message-correct:0' id='reaction'/>`,
  ])
    ends.push((await inbound.receive(chat(inner, 'x'))).map(({ to }) => to));
  expect(ends).toEqual([['dead letters'], ['sender'], ['sender'], ['sender']]);
});

test('a request to an unknown person is answered once, by presence and not by a message', async () => {
  const inbound = new XmppInbound();
  inbound.nobodies.add(BOB);
  const traces = await inbound.receive(
    `<presence from='alice@localhost' to='bob@matrix.hub.localhost' type='subscribe'/>`,
  );
  expect(traces.map((trace) => (trace.to === 'sender' ? trace.stanza.toString() : trace.to))).toEqual([
    '<presence from="bob@matrix.hub.localhost" to="alice@localhost" type="unsubscribed"/>',
  ]);
});
