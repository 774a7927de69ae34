/** Attachments over the bus: stored by one network, read by the network that they were addressed to, and by nobody else. */
import { randomBytes } from 'node:crypto';
import { BusConnection, MediaStore, type MediaGrants } from '#bus';
import { mediaUrl, network, requests, subjects, type MediaPlace, type Network } from '#protocol';
import { HubFixture, quiet } from '../../../../test/support/hub-fixture.js';

const [north, south, east] = ['north', 'south', 'east'].map((slug) => network(slug)) as [
  Network,
  Network,
  Network,
];
const key = randomBytes(32);
const content = randomBytes(700_000);
const place: MediaPlace = { network: north, object: randomBytes(32).toString('base64url') };

let hub: HubFixture;
let grants: MediaGrants;
const links: Partial<Record<string, BusConnection>> = {};

beforeAll(async () => {
  hub = await HubFixture.open();
  for (const net of [north, south, east]) {
    await hub.admit(net);
    const { credentials: creds } = await hub.authority.networkCredentials(net);
    links[net] = await BusConnection.open({ url: hub.natsUrl, creds, name: net, member: net }, quiet);
  }
  await hub.switch({ MEDIA_LINK_URL: 'http://links.example', MEDIA_LINK_KEY: 'k'.repeat(32) });
  grants = await hub.grants();
  await storeOf(north).write(place, key, once(content));
});
afterAll(async () => {
  for (const link of Object.values(links)) await link?.close();
  await hub?.close();
});

function storeOf(net: Network): MediaStore {
  const link = links[net];
  if (!link) throw new Error(`${net} is not on the bus`);
  return new MediaStore(link);
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

async function read(by: Network, wanted: MediaPlace): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of storeOf(by).read(wanted, key)) blocks.push(block);
  return Buffer.concat(blocks);
}

const grantFor = (reader: Network) => ({ ...place, grant: grants.of(reader, mediaUrl(place)) });

test('the network that sent an attachment reads it', async () => {
  expect((await read(north, place)).equals(content)).toBe(true);
});

test('the network that it was addressed to reads it with the grant from the event', async () => {
  expect((await read(south, grantFor(south))).equals(content)).toBe(true);
});

test.each([
  ['without a grant', () => place],
  ['with the grant of another network', () => grantFor(south)],
  [
    'with a grant for another attachment',
    () => ({ ...place, grant: grants.of(east, mediaUrl({ ...place, network: east })) }),
  ],
])('another network does not, %s', async (_, wanted) => {
  await expect(read(east, wanted())).rejects.toMatchObject({ code: '107' });
});

test('an attachment that is not there looks to a stranger like one that is', async () => {
  const missing = { network: north, object: randomBytes(32).toString('base64url') };
  const [absent, foreign] = await Promise.all(
    [missing, place].map((wanted) => read(east, wanted).catch((error: Error) => error.message)),
  );
  expect(absent).toBe(foreign);
});

test('nobody has the hub make a link to an attachment that was not addressed to them', async () => {
  const ask = async (grant?: string) => {
    const part = {
      kind: 'external',
      disposition: 'attachment',
      contentType: 'image/png',
      url: mediaUrl(place),
      size: content.length,
      hash: { alg: 'sha-256', value: 'a'.repeat(64) },
      seal: { alg: 'aes-256-gcm-blocks', key: key.toString('base64url') },
      ...(grant === undefined ? {} : { grant }),
    };
    const body = JSON.stringify({ event: 'e'.repeat(27), part });
    const reply = await links[east]?.session?.nc.request(subjects.control('link', east), body);
    return requests.link(east).reply.parse(reply?.json());
  };
  expect(await ask(grants.of(east, mediaUrl(place)))).toMatchObject({
    url: expect.stringContaining('http://links.example/m/') as string,
  });
  expect(await ask()).toMatchObject({ code: '36' });
});

test('a suspended network reads nothing', async () => {
  await hub.amend('south', { status: 'suspended' });
  await expect(read(south, grantFor(south))).rejects.toMatchObject({ code: '107' });
});
