/** The room of a conversation changes: the ghost is removed, the person leaves, another room replaces it. */
import type { Cast } from './cast.js';
import type { LocalRooms, Seen } from './stage.js';

export function roomsThatChange(cast: Cast): void {
  /** Declares a play for networks whose conversations are rooms; the others state why their conversations are not rooms. */
  const play = (title: string, work: (rooms: LocalRooms) => Promise<void>) =>
    test(title, async () => {
      const { rooms } = cast.stage.ann;
      if (!rooms) {
        expect(cast.expected.hasNoRooms ?? '').not.toBe('');
        return;
      }
      await work(rooms);
    });

  /** A person of the test network who has had no contact with ann. */
  const somebody = (name: string) => ({
    ghost: cast.stage.ghostOf(name),
    writes: (text: string) => cast.stage.far.act({ kind: 'message', from: name, to: cast.annAddress, text }),
    reads: (text: string) => cast.sees(name, text, (act) => act.kind === 'message' && act.text === text),
    seesDelivered: (id: string) =>
      cast.sees(name, 'delivered', ({ kind, target }) => kind === 'delivered' && target === id),
    seesThatAnnLeft: () =>
      cast.sees(name, 'the end of it', ({ kind, state }) => kind === 'contact' && state === 'remove'),
  });
  const invitationsOf = (ghost: string): Seen[] =>
    cast.stage.ann.timeline.filter(({ kind, from }) => kind === 'invited' && from === ghost);

  play('T62 a ghost that was removed from the room and is invited again returns', async (rooms) => {
    const { ann } = cast.stage;
    const vic = somebody('vic');
    await rooms.open(vic.ghost);
    await ann.write(vic.ghost, 'hello vic');
    await vic.reads('hello vic');
    vic.writes('it is vic');
    const room = rooms.roomOf(await cast.annReads('it is vic'));
    await rooms.kick(vic.ghost);
    await rooms.invite(vic.ghost);
    await ann.write(vic.ghost, 'do come back');
    await vic.reads('do come back');
    vic.writes('here I am again');
    expect(rooms.roomOf(await cast.annReads('here I am again'))).toBe(room);
  });

  play('T63 the next message reopens the room that ann left', async (rooms) => {
    const { ann } = cast.stage;
    const wes = somebody('wes');
    wes.writes('it is wes');
    const room = rooms.roomOf(await cast.annReads('it is wes'));
    await rooms.leave(wes.ghost);
    await wes.seesThatAnnLeft();
    ann.holdInvitations?.();
    const asked = wes.writes('are you still there?');
    const invitation = await cast.annSees('an invitation', (seen) => seen === invitationsOf(wes.ghost)[1]);
    await ann.answerInvitation?.(invitation, true);
    expect(rooms.roomOf(await cast.annReads('are you still there?'))).toBe(room);
    await wes.seesDelivered(asked);
    await ann.write(wes.ghost, 'I am');
    await wes.reads('I am');
  });

  play('T64 a conversation continues in the room that replaces its room', async (rooms) => {
    const { ann } = cast.stage;
    const yan = somebody('yan');
    await ann.write(yan.ghost, 'hello yan');
    await yan.reads('hello yan');
    const next = await rooms.upgrade(yan.ghost);
    await ann.write(yan.ghost, 'we are in another room now');
    await yan.reads('we are in another room now');
    yan.writes('I see');
    expect(rooms.roomOf(await cast.annReads('I see'))).toBe(next);
  });
}
