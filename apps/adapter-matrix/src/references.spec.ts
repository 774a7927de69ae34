/** Event ids mean what they can mean: edits, reactions and marks of the room are events too. */
import { MatrixStage, PORTAL, BEN, GHOST } from '../../../test/support/matrix-stage.js';

let stage: MatrixStage;
beforeEach(async () => {
  stage = new MatrixStage();
  await stage.inPortal();
  await stage.amyWrote('$hello');
});
afterEach(() => stage.close());

const edit = (id: string, of: string, body: string) =>
  stage.text(id, `* ${body}`, {
    'm.new_content': { msgtype: 'm.text', body },
    'm.relates_to': { rel_type: 'm.replace', event_id: of },
  });
const last = () => stage.messages().at(-1)?.data.content;
const first = () => stage.messages()[0]?.id;

describe('ids of edits', () => {
  beforeEach(() => stage.push(stage.text('$tea', 'tea'), edit('$coffee', '$tea', 'coffee')));

  test('an edit of an edit changes the first version', async () => {
    await stage.push(edit('$milk', '$coffee', 'milk'));
    expect(last()).toMatchObject({ replaces: first(), body: { content: 'milk' } });
  });

  test('an answer to an edit answers the first version', async () => {
    await stage.push(
      stage.text('$why', 'why?', { 'm.relates_to': { 'm.in_reply_to': { event_id: '$coffee' } } }),
    );
    expect(last()?.inReplyTo).toBe(first());
  });

  test('a redacted edit restores the previous text', async () => {
    stage.answers.set(`GET /rooms/${PORTAL}/event/$tea`, { msgtype: 'm.text', body: 'tea' });
    await stage.push(stage.event('$r', 'm.room.redaction', { redacts: '$coffee' }));
    expect(last()).toMatchObject({ replaces: first(), body: { content: 'tea' } });
  });

  test('a redacted edit of several restores the newest of the others', async () => {
    await stage.push(edit('$milk', '$coffee', 'milk'));
    stage.answers.set(`GET /rooms/${PORTAL}/relations/$tea`, [edit('$coffee', '$tea', 'coffee')]);
    await stage.push(stage.event('$r', 'm.room.redaction', { redacts: '$milk' }));
    expect(last()).toMatchObject({ replaces: first(), body: { content: 'coffee' } });
  });

  test('a redacted message is recalled, also if it was edited', async () => {
    await stage.push(stage.event('$r', 'm.room.redaction', { redacts: '$tea' }));
    expect(last()).toMatchObject({ replaces: first(), body: { kind: 'null' } });
  });
});

test('a redacted reaction is taken back, in whichever spelling it was', async () => {
  const react = { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$hello', key: '👍\uFE0F' } };
  await stage.push(stage.event('$up', 'm.reaction', react));
  expect(last()?.reactions).toEqual({ add: ['👍'], remove: [], current: ['👍'] });
  await stage.push(stage.event('$r', 'm.room.redaction', { redacts: '$up' }));
  expect(last()?.reactions).toEqual({ add: [], remove: ['👍'], current: [] });
});

describe('threads', () => {
  test.each([
    [
      'falling back to its newest message',
      { is_falling_back: true, 'm.in_reply_to': { event_id: '$tea' } },
      '$hello',
    ],
    ['answering one of its messages', { 'm.in_reply_to': { event_id: '$tea' } }, '$tea'],
    ['without a fallback', {}, '$hello'],
  ])('a message of a thread, %s', async (_, more, answered) => {
    await stage.push(stage.text('$tea', 'tea'));
    await stage.push(
      stage.text('$1', 'in it', { 'm.relates_to': { rel_type: 'm.thread', event_id: '$hello', ...more } }),
    );
    expect(last()?.inReplyTo).toBe((await stage.hub.findNative(answered))?.id);
  });
});

describe('a read mark', () => {
  const read = (eventId: string) =>
    stage.pushEphemeral({
      type: 'm.receipt',
      room_id: PORTAL,
      content: { [eventId]: { 'm.read': { [BEN]: { ts: 1 } } } },
    });
  const byGhost = (id: string, type: string, content: object) => ({
    type,
    event_id: id,
    sender: GHOST,
    content,
  });
  const hello = byGhost('$hello', 'm.room.message', { msgtype: 'm.text', body: 'hello' });

  test('on a message refers to that message, without a request to the homeserver', async () => {
    await read('$hello');
    expect(stage.receipts()).toMatchObject([{ data: { status: 'read', upTo: true } }]);
    expect(stage.did('GET', '/context/')).toEqual([]);
  });

  test.each([
    ['a reaction', byGhost('$x', 'm.reaction', {})],
    ['our own mark', byGhost('$x', 'com.beeper.message_send_status', {})],
    [
      'an edit',
      byGhost('$x', 'm.room.message', { 'm.relates_to': { rel_type: 'm.replace', event_id: '$hello' } }),
    ],
    ['a notice of the hub', byGhost('$x', 'm.room.message', { msgtype: 'm.notice', body: 'told' })],
    ['a redaction', byGhost('$x', 'm.room.redaction', {})],
    ['a change of the room', { ...byGhost('$x', 'm.room.topic', { topic: 'x' }), sender: BEN }],
    ['a message of their own', { ...byGhost('$x', 'm.room.message', { body: 'x' }), sender: BEN }],
  ])('on %s means the last message before it', async (_, event) => {
    stage.answers.set(`GET /rooms/${PORTAL}/context/$x`, { event, events_before: [hello] });
    await read('$x');
    const [receipt] = stage.receipts();
    expect(receipt?.data.messages).toEqual([(await stage.hub.findNative('$hello'))?.id]);
  });

  test('before any message means nothing', async () => {
    stage.answers.set(`GET /rooms/${PORTAL}/context/$x`, { event: byGhost('$x', 'm.room.member', {}) });
    await read('$x');
    expect(stage.receipts()).toEqual([]);
  });
});
