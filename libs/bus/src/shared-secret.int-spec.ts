/** Networks that do not trust one another share a stream, which takes a message id from whoever says it first. */
import { network, networkBucket, subjects, type Lane, type Network } from '#protocol';
import { HubFixture } from '../../../test/support/hub-fixture.js';
import { Bucket } from './bucket.js';
import { OrderedPublisher } from './ordered-publisher.js';
import { sharedSecret } from './shared-secret.js';

const [north, south] = [network('north'), network('south')];
const lane = 3 as Lane;
const opened: OrderedPublisher[] = [];
let hub: HubFixture;

beforeAll(async () => {
  hub = await HubFixture.open();
  await hub.admit('north');
  await hub.admit('south');
});
afterAll(async () => {
  for (const publisher of opened) publisher.close();
  await hub?.close();
});

async function publisherOf(slug: Network): Promise<OrderedPublisher> {
  const publisher = await OrderedPublisher.on(hub.link);
  opened.push(publisher);
  publisher.sealIds(await sharedSecret(new Bucket(hub.link, publisher, networkBucket(slug))));
  return publisher;
}

test('an id that another network says first keeps nobody’s event off the stream; one’s own is stored once', async () => {
  const thief = await publisherOf(north);
  const [victim, twin] = await Promise.all([publisherOf(south), publisherOf(south)]);
  const says = async (publisher: OrderedPublisher, slug: Network) =>
    (await publisher.publish(subjects.in(slug, lane), '{}', 'the same id')).duplicate;
  expect(await says(thief, north)).toBe(false);
  expect(await says(victim, south)).toBe(false);
  expect(await says(twin, south)).toBe(true);
});
