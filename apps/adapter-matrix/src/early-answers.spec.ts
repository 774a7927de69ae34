/** A homeserver pushes the answer to an invitation before it answers the request that invited: the answer is not lost. */
import { HubError } from '#protocol';
import { AMY, BEN, MADE, MatrixStage, PORTAL } from '../../../test/support/matrix-stage.js';

const amy = { address: AMY };

let stage: MatrixStage;
beforeEach(() => {
  stage = new MatrixStage();
});
afterEach(() => {
  stage.close();
});

const pushesFirst = (request: string, membership: string, room: string, answer: object) =>
  stage.answers.set(request, async () => {
    await stage.push(stage.member(BEN, membership, BEN, { room }));
    return answer;
  });
const inMade = () => ({ room_id: MADE });

test('a person who joins before the request to make the room is answered is in the portal, and the presence is requested once', async () => {
  pushesFirst('POST /createRoom', 'join', MADE, inMade());
  await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: MADE, membership: 'joined' });
  expect(stage.contacts()).toEqual(['request']);
  await stage.push({ ...stage.text('$1', 'hello'), room_id: MADE });
  expect(stage.words()).toEqual(['hello']);
});

test('a person who declines before the request to make the room is answered has declined', async () => {
  pushesFirst('POST /createRoom', 'leave', MADE, inMade());
  await expect(stage.portals.ensure(BEN, amy)).rejects.toMatchObject({ code: '40' });
  await expect(stage.portals.ensure(BEN, amy)).rejects.toMatchObject({ code: '40' });
  expect(stage.did('POST', '/createRoom')).toHaveLength(1);
});

test('a person who joins again before the second invitation is answered is in the portal', async () => {
  await stage.inPortal();
  await stage.push(stage.member(BEN, 'leave'));
  pushesFirst(`POST /rooms/${PORTAL}/invite`, 'join', PORTAL, {});
  await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: PORTAL, membership: 'joined' });
});

test('a person who joins while their membership is being read has joined once', async () => {
  const membership = `GET /rooms/${MADE}/state/m.room.member/${BEN}`;
  stage.answers.set(membership, async () => {
    const pushed = stage.push(stage.member(BEN, 'join', BEN, { room: MADE }));
    await Promise.resolve();
    return pushed.then(() => 'join');
  });
  await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ membership: 'joined' });
  expect(stage.contacts()).toEqual(['request']);
});

test('a membership that cannot be read now is read by the next attempt, in the same room', async () => {
  pushesFirst('POST /createRoom', 'join', MADE, inMade());
  const membership = `GET /rooms/${MADE}/state/m.room.member/${BEN}`;
  stage.answers.set(membership, new HubError('91', 'the homeserver is away'));
  await expect(stage.portals.ensure(BEN, amy)).rejects.toMatchObject({ code: '91' });
  stage.answers.delete(membership);
  stage.answers.set('POST /createRoom', new HubError('96', 'M_ROOM_IN_USE'));
  stage.answers.set('GET /directory/room/', inMade());
  await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: MADE, membership: 'joined' });
});

test('a room that a crash left behind is found with the answer that was given meanwhile', async () => {
  stage.answers.set('POST /createRoom', new HubError('96', 'M_ROOM_IN_USE'));
  stage.answers.set('GET /directory/room/', inMade());
  stage.answers.set(`GET /rooms/${MADE}/state/m.room.member/${BEN}`, 'join');
  await expect(stage.portals.ensure(BEN, amy)).resolves.toMatchObject({ room: MADE, membership: 'joined' });
});
