/** Two people find each other and write; rules that hold for every message: once, in order, no echo, receipts, limits. */
import { within, type Cast } from './cast.js';

export function conversation(cast: Cast): void {
  const { opening, expected } = cast;

  test('T00 sue writes to ann without an earlier contact; ann answers', async () => {
    opening.hello = cast.sue({ kind: 'message', text: 'hello ann' });
    const seen = await cast.annReads('hello ann');
    expect(seen.from).toBe(cast.ghost);
    opening.helloAtAnn = seen.id;
    opening.answer = await cast.stage.ann.write(cast.ghost, 'hello sue');
    opening.answerAtSue = (await cast.sueSees('the answer', ({ text }) => text === 'hello sue')).id;
  });

  test('T01 a repeated native event is delivered once', async () => {
    const act = { kind: 'message' as const, text: 'only once' };
    const id = cast.sue(act);
    await cast.annReads('only once');
    for (let again = 0; again < 2; again++)
      cast.stage.far.replay({ ...act, id, from: cast.sueName, to: cast.annAddress });
    cast.sue({ kind: 'message', text: 'after it' });
    await cast.annReads('after it');
    expect(cast.annHas('only once')).toEqual(['only once']);
  });

  test('T04 order is kept', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    for (const text of lines) cast.sue({ kind: 'message', text });
    await cast.annReads('line 19');
    expect(cast.annHas('line ')).toEqual(lines);
  });

  test('T05 a message that was delivered into a network is not sent back', async () => {
    cast.sue({ kind: 'message', text: 'is there an echo?' });
    await cast.annReads('is there an echo?');
    await cast.stage.ann.write(cast.ghost, 'none at all');
    await cast.sueSees('the answer', ({ text }) => text === 'none at all');
    const back = cast.stage.far.inbox(cast.sueName).filter(({ text }) => text?.includes('is there an echo?'));
    expect(back).toEqual([]);
  });

  test('T09 the sender is notified that a network does not exist', async () => {
    const lost = cast.stage.far.act({
      kind: 'message',
      from: cast.sueName,
      to: 'x@nowhere',
      text: 'anybody?',
    });
    const failure = await cast.sueSees(
      'a failure',
      ({ kind, target }) => kind === 'failure' && target === lost,
    );
    expect(failure.code).toBe('15');
  });

  test('T15 "delivered" is sent only after the network accepted the message, "read" only after ann read it', async () => {
    const asked = cast.sue({ kind: 'message', text: 'did you get this?' });
    const atAnn = await cast.annReads('did you get this?');
    await cast.sueSees('delivered', ({ kind, target }) => kind === 'delivered' && target === asked);
    const read = cast.stage.far
      .inbox(cast.sueName)
      .some(({ kind, target }) => kind === 'read' && target === asked);
    expect(read).toBe(false);
    if (!cast.can('markRead')) return;
    await cast.stage.ann.markRead(cast.ghost, atAnn.id);
    await cast.sueSees('read', ({ kind, target }) => kind === 'read' && target === asked);
  });

  test('T21 an unknown recipient is not found, and the sender is notified with code 14', async () => {
    const { stage } = cast;
    stage.far.knowsNot('nobody');
    const nobody = stage.ghostOf('nobody');
    // Some networks refuse at once, others report it later.
    await stage.ann.write(nobody, 'who is there?').catch(() => undefined);
    const told = await cast.annSees('that nobody is', (seen) => expected.saysUnknown(seen, nobody));
    expect(expected.saysUnknown(told, nobody)).toBe(true);
  });

  test('T22 typing is forwarded, and is never shown late', async () => {
    cast.sue({ kind: 'typing', state: 'composing' });
    if (cast.shows('typing'))
      await cast.annSees(
        'sue typing',
        ({ kind, from }) => kind === 'typing' && (!expected.ghosts || from === cast.ghost),
      );
    else {
      cast.sue({ kind: 'message', text: 'typed at last' });
      await cast.annReads('typed at last');
      expect(cast.stage.ann.timeline.some(({ kind }) => kind === 'typing')).toBe(false);
    }
    if (!cast.can('type')) return;
    await cast.stage.ann.type(cast.ghost, true);
    await cast.sueSees('ann typing', ({ kind, state }) => kind === 'typing' && state === 'composing');
  });

  test('T26 people with unusual ids receive messages and answer', async () => {
    const odd = 'Ü ser@home/1:2';
    cast.stage.far.act({ kind: 'message', from: odd, to: cast.annAddress, text: 'odd but real' });
    const seen = await cast.annReads('odd but real');
    expect(seen.from).toBe(cast.stage.ghostOf(odd));
    await cast.stage.ann.write(seen.from, 'nice name');
    await cast.sees(odd, 'the answer', ({ text }) => text === 'nice name');
  });

  test('T31 clocks that are wrong by ten minutes do not change the order', async () => {
    const skews = [0, 10, -10, 10, 0];
    const lines = skews.map((minutes, index) => `clock ${index}: ${minutes}`);
    for (const [index, text] of lines.entries()) {
      const sentAt = new Date(Date.now() + (skews[index] ?? 0) * 60_000).toISOString();
      cast.sue({ kind: 'message', text, sentAt });
    }
    await within(
      'all of them',
      () => (cast.annHas('clock ').length >= lines.length ? true : undefined),
      () => cast.annHas('clock '),
    );
    expect(cast.annHas('clock ')).toEqual(lines);
  });

  test('T32 the adapter waits until a rate limit allows more, and nothing is lost', async () => {
    cast.stage.far.refuse(cast.sueName, '65', 2);
    await cast.stage.ann.write(cast.ghost, 'patience');
    await cast.sueSees('it', ({ text }) => text === 'patience');
  });
}
