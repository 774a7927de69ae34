/** Portals are looked up when something happens in them; those of earlier releases are found too. */
import { addressOf, network } from '#protocol';
import { AMY, BEN, MatrixStage, PORTAL, SERVER } from '../../../test/support/matrix-stage.js';

const SUE = addressOf(network('far'), 'sue');
const OTHER = `!other:${SERVER}`;
const online = { type: 'm.presence', sender: BEN, content: { presence: 'online' } };

let stage: MatrixStage;
beforeEach(() => {
  stage = new MatrixStage();
});
afterEach(() => {
  stage.close();
});

/** Ben has two friends; the next process of the adapter starts. */
async function restartedWithTwoPortals(): Promise<void> {
  await stage.portals.adopt(PORTAL, BEN, AMY);
  await stage.portals.adopt(OTHER, BEN, SUE);
  stage = await stage.restarted();
}

test('the start reads no portal, however many there are', async () => {
  for (let n = 0; n < 50; n++) await stage.portals.adopt(`!r${n}:${SERVER}`, `@user${n}:${SERVER}`, AMY);
  stage = await stage.restarted();
  const before = stage.reads.length;
  stage = await stage.restarted();
  expect(stage.reads.filter((key) => /^(portal|room|portal-of)\./.test(key))).toEqual([]);
  expect(before).toBeGreaterThan(0);
});

test('after a restart a message is read in the portal where it was written', async () => {
  await restartedWithTwoPortals();
  await stage.push(stage.text('$1', 'hello'));
  expect(stage.words()).toEqual(['hello']);
});

test('after a restart presence goes to every portal of the person, and is looked up once', async () => {
  await restartedWithTwoPortals();
  await stage.pushEphemeral(online);
  expect(stage.signals).toEqual(['presence available', 'presence available']);
  const before = stage.reads.length;
  await stage.pushEphemeral(online);
  expect(stage.reads.slice(before)).toEqual([]);
});

test('portals of an earlier release, which had neither an index nor an entry by room, are found', async () => {
  await restartedWithTwoPortals();
  for (const key of stage.stored.keys()) if (!key.startsWith('portal.')) stage.stored.delete(key);
  stage = await stage.restarted();
  await stage.push(stage.text('$1', 'hello'));
  expect(stage.words()).toEqual(['hello']);
  await stage.pushEphemeral(online);
  expect(stage.signals).toHaveLength(2);
});
