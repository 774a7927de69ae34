/** Batches over several consumers, on a real nats-server. */
import { consumers, network, STREAMS, subjects } from '#protocol';
import { HubFixture, quiet, until } from '../../../test/support/hub-fixture.js';
import { BatchReader } from './batch-reader.js';

const [flooding, calm] = [network('flooding'), network('calm')];
const SIZE = 50;
const FLOOD = 20 * SIZE;
let hub: HubFixture;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit(flooding);
  await hub.admit(calm);
});
afterAll(() => hub?.close());

test('the outcomes of one network wait behind at most two batches of a network that floods', async () => {
  const report = (net: typeof calm, text: string) =>
    hub.publisher.publish(subjects.report(net), text, `${net} ${text}`);
  await Promise.all(Array.from({ length: FLOOD }, (_, n) => report(flooding, String(n))));
  await report(calm, 'calm');

  const batches: string[][] = [];
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const store = async (batch: readonly { data: Uint8Array }[]) => {
    await gate;
    batches.push(batch.map(({ data }) => Buffer.from(data).toString()));
  };
  const reader = new BatchReader(hub.link, STREAMS.report, { size: SIZE, what: 'test' }, store, quiet);
  await reader.read(consumers.recorderOf(flooding));
  await reader.read(consumers.recorderOf(calm));
  // As many of both as the bus hands out before anything is stored.
  await until('both to be handed out', async () => {
    const infos = await Promise.all(
      [flooding, calm].map((net) =>
        hub.link.session?.jsm.consumers.info(STREAMS.report, consumers.recorderOf(net)),
      ),
    );
    return infos[0]?.num_ack_pending === 2 * SIZE && infos[1]?.num_ack_pending === 1;
  });
  open();
  await until('everything to be stored', () => batches.flat().length === FLOOD + 1);
  expect(batches.findIndex((batch) => batch.includes('calm'))).toBeLessThanOrEqual(2);
  expect(batches.flat().filter((text) => text !== 'calm')).toEqual(
    Array.from({ length: FLOOD }, (_, n) => String(n)),
  );
  await reader.stop();
});
