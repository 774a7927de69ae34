/** The recorder on a real bus and a real database: what networks send, what is routed, how it ends; and several recorders. */
import type { DataSource } from 'typeorm';
import { nativeHash, openDatabase } from '#database';
import {
  addressOf,
  directConversation,
  encodeEvent,
  eventId,
  laneOf,
  network,
  subjects,
  type EventId,
  pathOf,
} from '#protocol';
import { DatabaseFixture } from '../../../../test/support/database-fixture.js';
import { HubFixture, quiet, until } from '../../../../test/support/hub-fixture.js';
import { message, receipt } from '../../../../test/support/switch-events.js';
import type { HubApp } from '#hub-process';
import { startRecorder } from '../recorder.app.js';
import { recorderSettings } from '../recorder.config.js';

const [xmpp, matrix, late] = [network('xmpp'), network('matrix'), network('late')];

let hub: HubFixture;
let engine: DatabaseFixture;
let database: DataSource;
const recorders: HubApp[] = [];

beforeAll(async () => {
  [hub, engine] = [await HubFixture.open(), await DatabaseFixture.open()];
  for (const slug of [xmpp, matrix]) await hub.admit(slug);
  recorders.push(await recorder());
  database = await openDatabase(engine.url());
});

afterAll(async () => {
  for (const one of recorders) await one.close();
  await database?.destroy();
  await hub?.close();
  await engine?.close();
});

async function recorder(): Promise<HubApp> {
  const settings = recorderSettings.parse({
    HTTP_PORT: 0,
    NATS_URL: hub.natsUrl,
    NATS_CREDS: hub.credentials('recorder', await hub.authority.hubCredentials('recorder')),
    DATABASE_URL: engine.url(),
  });
  return startRecorder({
    settings,
    log: quiet,
    onRefusal: (why) => {
      throw why;
    },
  });
}

/** Sent by xmpp, and routed to matrix. */
async function sent(native: string, by = xmpp): Promise<EventId> {
  const id = eventId(by, 'message', native);
  const base = message();
  const address = addressOf(by, 'alice@example.org');
  const data = { ...base.data, from: { address }, native: { id: native, at: base.time } };
  const event = {
    ...base,
    id,
    source: `/network/${by}`,
    path: pathOf(by),
    subject: directConversation(address, data.to),
    data,
  };
  await hub.publisher.publish(subjects.in(by, laneOf(event.subject)), encodeEvent(event), `in ${id}`);
  return id;
}

interface Step {
  stage: string;
  network: string;
  kind: string;
}
const stepsOf = (id: string) =>
  database.query<Step[]>('SELECT stage, network, kind FROM checkpoint WHERE event_id = $1 ORDER BY at, id', [
    id,
  ]);
const untilRecorded = (id: string, steps: number) =>
  until(`${steps} checkpoints of ${id}`, async () => (await stepsOf(id)).length >= steps);

test('a message has a checkpoint where it was accepted and where it was routed, and its native id leads to it', async () => {
  const id = await sent('native-1');
  const routed = { ...message(), id };
  await hub.publisher.publish(subjects.out(matrix, laneOf(routed.subject)), encodeEvent(routed), `out ${id}`);
  await untilRecorded(id, 2);
  expect(await stepsOf(id)).toEqual([
    { stage: 'accepted', network: 'xmpp', kind: 'message' },
    { stage: 'routed', network: 'matrix', kind: 'message' },
  ]);
  expect(
    await database.query('SELECT network, event_id FROM native_ref WHERE native_hash = $1', [
      nativeHash('native-1'),
    ]),
  ).toEqual([{ network: 'xmpp', event_id: id }]);
});

test('a receipt is a step of the message that it is about', async () => {
  const event = receipt();
  await hub.publisher.publish(subjects.in(xmpp, laneOf(event.subject)), encodeEvent(event), `in ${event.id}`);
  const [about = ''] = event.data.messages;
  await untilRecorded(about, 1);
  expect(await stepsOf(about)).toContainEqual({ stage: 'accepted', network: 'xmpp', kind: 'receipt' });
});

test('an unreadable event has no checkpoint and delays no other event', async () => {
  await hub.publisher.publish(subjects.in(xmpp, laneOf(message().subject)), 'not an event');
  const id = await sent('after-the-unreadable');
  await untilRecorded(id, 1);
  expect(await stepsOf(id)).toHaveLength(1);
});

test('a network that is admitted while the recorder runs is recorded', async () => {
  await hub.admit(late);
  const id = await sent('of-a-late-network', late);
  await untilRecorded(id, 1);
  expect(await stepsOf(id)).toEqual([{ stage: 'accepted', network: 'late', kind: 'message' }]);
});

test('a database that is away delays the trace and loses nothing of it', async () => {
  await engine.server.crash();
  const ids = [await sent('while-away-1'), await sent('while-away-2')];
  await engine.restart();
  await until('the test to reach the database again', async () => {
    try {
      return (await stepsOf('nothing')).length === 0;
    } catch {
      return false;
    }
  });
  for (const id of ids) {
    await untilRecorded(id, 1);
    expect(await stepsOf(id)).toHaveLength(1);
  }
});

test('of several recorders, another reads on when one ends, and nothing is recorded twice', async () => {
  recorders.push(await recorder());
  const before = await sent('with-two');
  await untilRecorded(before, 1);
  await recorders.shift()?.close();
  const after = await sent('with-one-left');
  await untilRecorded(after, 1);
  for (const id of [before, after]) expect(await stepsOf(id)).toHaveLength(1);
});

test('is ready while bus and database are there', async () => {
  const answer = await fetch(`${recorders[0]?.url ?? ''}/healthz/ready`);
  expect([answer.status, await answer.json()]).toEqual([
    200,
    { status: 'ready', checks: { bus: true, database: true } },
  ]);
});
