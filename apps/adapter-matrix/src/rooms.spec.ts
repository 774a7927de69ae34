/** Rooms change: people decline, leave, remove the ghost and upgrade the room; the conversation goes on, or the sender is notified. */
import { HubError, network, type EventId, type MessageEvent } from '#protocol';
import { AMY, BEN, GHOST, MADE, MatrixStage, PORTAL, SERVER } from '../../../test/support/matrix-stage.js';
import { DECLINED_MS } from './portals.js';

const amy = { address: AMY };
const OTHER = `!other:${SERVER}`;
const message = (id: string) =>
  ({ id: `message-${id}` as EventId, time: new Date().toISOString(), data: { from: amy } }) as MessageEvent;

let stage: MatrixStage;
beforeEach(() => {
  stage = new MatrixStage();
});
afterEach(() => {
  stage.close();
});

const invitations = () => [...stage.did('POST', '/createRoom'), ...stage.did('POST', '/invite')].length;
const refusal = (error: unknown) => (error as HubError).code;

describe('an invitation', () => {
  beforeEach(async () => {
    await stage.portals.ensure(BEN, amy);
  });

  test('names the room after the person: no alias is shown, and the topic has no internal address', () => {
    const [{ body } = { body: undefined }] = stage.did('POST', '/createRoom');
    expect(body).toMatchObject({
      topic: 'amy@localhost on xmpp',
      initial_state: [{ type: 'm.room.canonical_alias', content: {} }],
    });
    expect(JSON.stringify(body)).not.toContain('im:');
  });

  test('that is unanswered keeps messages stored; joining delivers all of them, once', async () => {
    await stage.invitations.sent(MADE, message('one'));
    await stage.invitations.sent(MADE, message('two'));
    expect(stage.ended).toEqual([]);
    const join = stage.member(BEN, 'join', BEN, { room: MADE });
    await stage.push(join);
    await stage.push({ ...join, event_id: '$again' });
    expect(stage.ended).toEqual(
      ['one', 'two'].map((id) => ({
        event: { id: `message-${id}`, author: network('xmpp') },
        end: { stage: 'delivered', basis: 'network' },
      })),
    );
  });

  test('that is declined fails the stored messages, and is not repeated for a week', async () => {
    await stage.invitations.sent(MADE, message('one'));
    await stage.push(stage.member(BEN, 'leave', BEN, { room: MADE }));
    expect(stage.ended).toMatchObject([{ end: { stage: 'failed', basis: 'network', code: '40' } }]);
    const before = invitations();
    await expect(stage.portals.ensure(BEN, amy).catch(refusal)).resolves.toBe('40');
    expect(invitations()).toBe(before);
    const declined = await stage.portals.find(BEN, AMY);
    const declinedAt = Date.now() - DECLINED_MS - 1;
    if (declined) await stage.portals.save({ ...declined, declinedAt });
    await stage.portals.ensure(BEN, amy);
    expect(invitations()).toBe(before + 1);
  });

  test('that is unanswered takes 200 messages, and no more', async () => {
    for (let at = 0; at < 200; at++) await stage.invitations.sent(MADE, message(`m${at}`));
    await expect(stage.invitations.admit(MADE).catch(refusal)).resolves.toBe('102');
  });

  test('that was answered while the message was under way is delivered at once', async () => {
    await stage.push(stage.member(BEN, 'join', BEN, { room: MADE }));
    await stage.invitations.sent(MADE, message('late'));
    expect(stage.ended).toMatchObject([{ end: { stage: 'delivered', basis: 'network' } }]);
  });
});

describe('a portal', () => {
  beforeEach(() => stage.inPortal());

  test('that its person left is opened again by the next message', async () => {
    await stage.push(stage.member(BEN, 'leave'));
    expect(stage.contacts()).toEqual(['remove']);
    const portal = await stage.portals.ensure(BEN, amy);
    expect(portal).toMatchObject({ room: PORTAL, membership: 'invited' });
    expect(stage.did('POST', '/invite')).toMatchObject([{ user: GHOST, body: { user_id: BEN } }]);
  });

  test('whose ghost was removed takes it back when it is invited again', async () => {
    await stage.push(stage.member(GHOST, 'leave', BEN));
    await stage.push(stage.member(GHOST, 'invite', BEN));
    expect(await stage.portals.find(BEN, AMY)).toMatchObject({ room: PORTAL, membership: 'joined' });
    await stage.push(stage.text('$1', 'back'));
    expect(stage.words()).toEqual(['back']);
  });

  test('whose ghost was removed is followed by another room at the next message', async () => {
    await stage.push(stage.member(GHOST, 'leave', BEN));
    await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({
      room: MADE,
      membership: 'invited',
    });
  });

  test('whose ghost was banned is as good as declined', async () => {
    await stage.push(stage.member(GHOST, 'ban', BEN));
    await expect(stage.portals.ensure(BEN, amy).catch(refusal)).resolves.toBe('40');
    await stage.push(stage.member(GHOST, 'leave', BEN));
    await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: MADE });
  });

  const upgrade = () =>
    stage.push(stage.event('$t', 'm.room.tombstone', { replacement_room: OTHER }, { state_key: '' }));

  test('that was replaced goes on in its successor, both ways', async () => {
    await upgrade();
    await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({
      room: OTHER,
      membership: 'joined',
    });
    await stage.push({ ...stage.text('$1', 'from the new room'), room_id: OTHER });
    expect(stage.words()).toEqual(['from the new room']);
  });

  test('whose successor the ghost may not enter goes on there when it is invited, without a mark of direct', async () => {
    stage.answers.set(`POST /join/${OTHER}`, false);
    await upgrade();
    await stage.push(stage.member(GHOST, 'invite', BEN, { room: OTHER }));
    expect(await stage.portals.find(BEN, AMY)).toMatchObject({ room: OTHER, membership: 'joined' });
  });

  test('whose successor stays closed is followed by a room of ours', async () => {
    stage.answers.set(`POST /join/${OTHER}`, false);
    await upgrade();
    await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: MADE });
  });

  test('earlier than the newest is still read, also after a restart', async () => {
    await stage.inPortal(OTHER);
    const next = await stage.restarted();
    await next.push(next.text('$1', 'in the old room'));
    expect(next.words()).toEqual(['in the old room']);
    expect((await next.portals.find(BEN, AMY))?.room).toBe(OTHER);
    next.close();
  });

  test('of more than two people is refused, and of two people is accepted also without the mark of a direct chat', async () => {
    const members = [GHOST, BEN].map((user) => ({ state_key: user, content: { membership: 'join' } }));
    stage.answers.set(`GET /rooms/${OTHER}/members`, { chunk: members });
    await stage.push(stage.member(GHOST, 'invite', BEN, { room: OTHER }));
    expect((await stage.portals.find(BEN, AMY))?.room).toBe(OTHER);
    const group = `!group:${SERVER}`;
    const eve = { state_key: `@eve:${SERVER}`, content: { membership: 'invite' } };
    stage.answers.set(`GET /rooms/${group}/members`, { chunk: [...members, eve] });
    await stage.push(stage.member(GHOST, 'invite', BEN, { room: group }));
    expect(stage.did('POST', '/leave')).toMatchObject([
      { body: { reason: 'Groups do not cross networks yet.' } },
    ]);
  });
});
