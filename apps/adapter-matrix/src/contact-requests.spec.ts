/** Amy, on a remote network, asks to see Ben's presence. Ben consents by joining a room with her ghost, before or after the request. */
import { addressOf, network, type EventId } from '#protocol';
import { AMY, BEN, GHOST, MatrixStage, SERVER } from '../../../test/support/matrix-stage.js';
import { ContactRequests } from './contact-requests.js';

const MADE = `!made:${SERVER}`;
const REQUEST = {
  id: 'request' as EventId,
  data: { from: { address: AMY }, to: addressOf(network('matrix'), BEN), action: 'request' as const },
};

let stage: MatrixStage;
let requests: ContactRequests;
beforeEach(() => {
  stage = new MatrixStage();
  requests = new ContactRequests(stage.hub, stage.portals);
});
afterEach(() => {
  stage.close();
});

const join = () => stage.push(stage.member(BEN, 'join', BEN, { room: MADE }));
const invite = () => stage.portals.ensure(BEN, { address: AMY });

/** Amy's request arrives while what Ben's joining says is on its way to the bus, after so many events of it. */
function amyAsksAfter(events: number): void {
  const submitContact = stage.hub.submitContact.bind(stage.hub);
  let left = events;
  Object.assign(stage.hub, {
    submitContact: async (draft: Parameters<MatrixStage['hub']['submitContact']>[0]) => {
      const id = await submitContact(draft);
      if (--left === 0) await requests.arrived(REQUEST, await invite());
      return id;
    },
  });
}

test('a request before Ben joins is accepted when Ben joins', async () => {
  await requests.arrived(REQUEST, await invite());
  expect(stage.contacts()).toEqual([]);
  await join();
  expect(stage.contacts().toSorted()).toEqual(['accept', 'request']);
});

test('a request after Ben joined is accepted at once', async () => {
  await invite();
  await join();
  await requests.arrived(REQUEST, await invite());
  expect(stage.contacts()).toEqual(['request', 'accept']);
});

test('a request while the adapter processes that Ben joined is accepted too, and Ben counts as joined', async () => {
  await invite();
  amyAsksAfter(1);
  await join();
  expect(stage.contacts()).toEqual(['request', 'accept']);
  expect(await stage.portals.find(BEN, AMY)).toMatchObject({ membership: 'joined', requested: false });
});

test('a portal that was read before Ben joined does not undo the join', async () => {
  const before = await invite();
  await join();
  await requests.arrived(REQUEST, before);
  expect(stage.contacts()).toEqual(['request', 'accept']);
  expect(await stage.portals.find(BEN, AMY)).toMatchObject({ membership: 'joined' });
});

test('Ben invites the ghost of Amy instead of answering her invitation: this accepts the request too', async () => {
  await requests.arrived(REQUEST, await invite());
  await stage.push(
    stage.member(GHOST, 'invite', BEN, { room: `!his:${SERVER}`, content: { is_direct: true } }),
  );
  expect(stage.contacts().toSorted()).toEqual(['accept', 'request']);
});
