/** `HUTONG_NETWORKS=xmpp npm start`: one network alone gets ready, and its people can log in. */
import { StandaloneFixture } from './support/standalone-fixture.js';
import { until } from './support/until.js';

let whole: StandaloneFixture;

beforeAll(async () => {
  whole = await StandaloneFixture.open(['xmpp']);
});
afterAll(() => whole?.close());

test('it becomes ready, describes that network only, and lists its people', async () => {
  await until('the welcome to be printed', () => whole.said.includes('Ctrl-C stops everything.'));
  expect(Object.keys(whole.file.networks)).toEqual(['xmpp']);
  expect(whole.said).toContain('alice@localhost');
  expect(whole.said).not.toContain('npm run phone');
});

test('its adapter has signed on and is connected to its server', async () => {
  const { status, body } = await whole.console<{
    adapter: { signedOn: boolean; nativeConnected: boolean };
  }>('GET', '/v1/networks/xmpp');
  expect(status).toBe(200);
  expect(body.adapter).toMatchObject({ signedOn: true, nativeConnected: true });
});

test('alice logs in and writes to amy', async () => {
  const alice = await whole.xmppPhone(0);
  const amy = await whole.xmppPhone(1);
  try {
    await alice.write(amy.native, 'one network is enough');
    const deadline = Date.now() + 60_000;
    while (!amy.timeline.some(({ text }) => text === 'one network is enough') && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(amy.timeline.map(({ text }) => text)).toContain('one network is enough');
  } finally {
    await alice.hangUp();
    await amy.hangUp();
  }
});
