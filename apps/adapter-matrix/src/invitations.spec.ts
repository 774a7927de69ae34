/** The invitation to a room is not answered: messages written there fail when they expire, also in a later process. */
import { HubError, network, type EventId, type MessageEvent } from '#protocol';
import { AMY, BEN, GHOST, MADE, MatrixStage, SERVER } from '../../../test/support/matrix-stage.js';
import { Invitations } from './invitations.js';

const START = Date.parse('2026-11-28T10:00:00.000Z');
const at = (hours: number) => START + hours * 3600_000;
const inIso = (ms: number) => new Date(ms).toISOString();

/** Written at the start. @param hours after which it expires */
function message(id: string, hours?: number): MessageEvent {
  return {
    id: id as EventId,
    time: inIso(START),
    ...(hours === undefined ? {} : { expirytime: inIso(at(hours)) }),
    data: { from: { address: AMY } },
  } as MessageEvent;
}

let stage: MatrixStage;
beforeEach(async () => {
  stage = new MatrixStage();
  await stage.portals.ensure(BEN, { address: AMY });
});
afterEach(() => {
  stage.close();
});

const ended = () => stage.ended.map(({ event, end }) => [event.id, 'code' in end ? end.code : '00']);

test('each message ends as expired at its own time, and its sender reads why', async () => {
  const { invitations } = stage;
  await invitations.sent(MADE, message('the-short-one', 1));
  await invitations.sent(MADE, message('the-long-one', 5));
  await invitations.expire(at(0.5));
  expect(ended()).toEqual([]);
  await invitations.expire(at(1));
  expect(stage.ended).toEqual([
    {
      event: { id: 'the-short-one', author: network('xmpp') },
      end: {
        stage: 'failed',
        basis: 'network',
        code: '68',
        detail: 'expired 2026-11-28T11:00:00.000Z: the invitation to the room is unanswered',
      },
    },
  ]);
  await invitations.expire(at(6));
  await invitations.expire(at(7));
  expect(ended()).toEqual([
    ['the-short-one', '68'],
    ['the-long-one', '68'],
  ]);
});

test('a message without an expiry time expires two days after it was written', async () => {
  await stage.invitations.sent(MADE, message('the-plain-one'));
  await stage.invitations.expire(at(47));
  expect(ended()).toEqual([]);
  await stage.invitations.expire(at(48));
  expect(ended()).toEqual([['the-plain-one', '68']]);
});

test('a message that an earlier process stored expires too', async () => {
  await stage.invitations.sent(MADE, message('the-old-one', 1));
  const { hub, portals, ghosts, homeserver } = stage;
  const next = new Invitations(hub, portals, ghosts, homeserver);
  await next.start();
  await next.expire(at(2));
  await next.stop();
  expect(ended()).toEqual([['the-old-one', '68']]);
});

test('a person who joins later does not get messages that were reported as failed, and gets those that have not expired', async () => {
  await stage.amyWrote('$first', 'first');
  const id = 'first'.padEnd(27, '_');
  await stage.invitations.sent(MADE, message(id, 1));
  await stage.invitations.sent(MADE, message('the-second-one', 5));
  await stage.invitations.expire(at(2));
  expect(stage.did('PUT', '/redact/$first')).toMatchObject([{ user: GHOST }]);
  await stage.push(stage.member(BEN, 'join', BEN, { room: MADE }));
  await stage.invitations.expire(at(6));
  expect(ended()).toEqual([
    [id, '68'],
    ['the-second-one', '00'],
  ]);
});

test('an answer that was read while it expires counts', async () => {
  await stage.invitations.sent(MADE, message('the-one-one', 1));
  const portal = await stage.portals.inRoom(MADE);
  // As after a crash between the two steps of reading the answer.
  if (portal) await stage.portals.save({ ...portal, membership: 'joined' });
  await stage.invitations.expire(at(2));
  expect(ended()).toEqual([['the-one-one', '00']]);
});

test('of 200 messages that wait, those that expire make room for others', async () => {
  for (let number = 0; number < 200; number++)
    await stage.invitations.sent(MADE, message(`number-${number}`, 1));
  await expect(stage.invitations.admit(MADE)).rejects.toMatchObject({ code: '102' });
  await stage.invitations.expire(at(1));
  await expect(stage.invitations.admit(MADE)).resolves.toBeUndefined();
});

test('a record that cannot be read stops no other', async () => {
  await stage.hub.recent.put('waiting.of-another-form', [{ id: 'the-odd-one' }]);
  await stage.invitations.sent(MADE, message('the-good-one', 1));
  const { hub, portals, ghosts, homeserver } = stage;
  const next = new Invitations(hub, portals, ghosts, homeserver);
  await next.start();
  await next.expire(at(2));
  await next.expire(at(3));
  await next.stop();
  expect(ended()).toEqual([['the-good-one', '68']]);
});

test('a report that the bus does not take now is made again, and holds up no other room', async () => {
  const other = `!other:${SERVER}`;
  await stage.invitations.sent(MADE, message('the-first-one', 1));
  await stage.portals.save({ room: other, user: `@eve:${SERVER}`, foreign: AMY, membership: 'invited' });
  await stage.invitations.sent(other, message('the-other-one', 1));
  const submitOutcome = stage.hub.submitOutcome.bind(stage.hub);
  let refusals = 1;
  stage.hub.submitOutcome = (event, end) =>
    refusals-- > 0 ? Promise.reject(new HubError('91', 'the bus is away')) : submitOutcome(event, end);
  await stage.invitations.expire(at(2));
  expect(ended()).toEqual([['the-other-one', '68']]);
  await stage.invitations.expire(at(2));
  expect(ended()).toEqual([
    ['the-other-one', '68'],
    ['the-first-one', '68'],
  ]);
});
