/** Edits, reactions, replies and recalls find the message that they refer to. */
import type { Cast } from './cast.js';

export function references(cast: Cast): void {
  const { opening, words } = cast;

  test('T11 an edit of an edit still points to the first version, both ways', async () => {
    for (const text of ['hello Ann', 'hello dear Ann']) {
      cast.sue({ kind: 'edit', target: opening.hello, text });
      if (cast.shows('edit'))
        await cast.annSees(
          text,
          (seen) => seen.kind === 'edit' && seen.text === text && seen.target === opening.helloAtAnn,
        );
      else await cast.annReads(words.edited(text));
    }
    if (!cast.can('edit')) return;
    await cast.stage.ann.edit(cast.ghost, opening.answer, 'hello Sue');
    await cast.sueSees(
      'the edit',
      ({ kind, text, target }) => kind === 'edit' && text === 'hello Sue' && target === opening.answerAtSue,
    );
  });

  test('T12 a person cannot edit or recall a message of somebody else', async () => {
    const before = cast.stage.ann.timeline.length;
    cast.sue({ kind: 'recall', target: opening.answerAtSue });
    const refusal = await cast.sueSees('a refusal', ({ kind, code }) => kind === 'failure' && code === '25');
    expect(refusal.code).toBe('25');
    const recalled = cast.stage.ann.timeline
      .slice(before)
      .some(({ kind, text }) => kind === 'recall' || text === words.recalled);
    expect(recalled).toBe(false);
  });

  test('T13 reactions are forwarded as changes and as sets', async () => {
    cast.sue({ kind: 'reaction', target: opening.answerAtSue, emoji: ['👍'] });
    if (cast.shows('reaction'))
      await cast.annSees(
        'a thumb',
        ({ kind, target, emoji }) => kind === 'reaction' && target === opening.answer && emoji?.[0] === '👍',
      );
    else await cast.annReads(words.reacted('👍'));
    if (!cast.can('react')) return;
    await cast.stage.ann.react(cast.ghost, opening.helloAtAnn, ['🎉']);
    const party = await cast.sueSees(
      'a party',
      ({ kind, target }) => kind === 'reaction' && target === opening.hello,
    );
    expect(party.emoji).toEqual(['🎉']);
  });

  test('T16 replies keep their reference', async () => {
    cast.sue({ kind: 'message', text: 'to that I say', target: opening.answerAtSue });
    if (cast.shows('reply'))
      await cast.annSees(
        'the reply',
        ({ text, target }) => text === 'to that I say' && target === opening.answer,
      );
    else await cast.annReads(words.replied('to that I say'));
    if (!cast.can('reply')) return;
    await cast.stage.ann.reply(cast.ghost, opening.helloAtAnn, 'and I to this');
    await cast.sueSees(
      'her reply',
      ({ text, target }) => text === 'and I to this' && target === opening.hello,
    );
  });

  test('T28 both recall their message, and it is removed on both sides', async () => {
    cast.sue({ kind: 'recall', target: opening.hello });
    if (cast.shows('recall'))
      await cast.annSees(
        'the recall',
        ({ kind, target }) => kind === 'recall' && target === opening.helloAtAnn,
      );
    else await cast.annReads(words.recalled);
    if (!cast.can('recall')) return;
    await cast.stage.ann.recall(cast.ghost, opening.answer);
    await cast.sueSees(
      'her recall',
      ({ kind, target }) => kind === 'recall' && target === opening.answerAtSue,
    );
  });
}
