/** Two processes of one adapter share a credentials file and renew the credentials in it before they expire. */
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BusConnection, CredentialsFile, factsOf } from '#bus';
import { network } from '#protocol';
import { CredentialRenewal } from '../libs/adapter-kit/src/credential-renewal.js';
import { ConsoleFixture } from './support/console-fixture.js';
import { quiet, until } from './support/hub-fixture.js';

const DAY_MS = 24 * 3600_000;
const NEVER_MS = 2 ** 30;
const fetion = network('fetion');
let console: ConsoleFixture;
let file: CredentialsFile;
const links: BusConnection[] = [];
const renewals: CredentialRenewal[] = [];

beforeAll(async () => {
  console = await ConsoleFixture.of(['fetion']);
  const path = join(console.hub.folder, 'fetion.creds');
  const operator = console.operators['fetion'];
  const answer = await console.call<{ credentials: string }>(
    operator,
    'POST',
    '/v1/networks/fetion/credentials',
  );
  writeFileSync(path, answer.body.credentials, { mode: 0o600 });
  file = new CredentialsFile(path);
});
afterAll(async () => {
  for (const renewal of renewals) await renewal.stop();
  for (const link of links) await link.close();
  await console.close();
});

async function adapterProcess(now: () => Date): Promise<{ link: BusConnection; renewal: CredentialRenewal }> {
  const link = await BusConnection.open(
    { url: console.hub.natsUrl, credsFile: file.path, name: 'adapter-fetion', member: fetion },
    quiet,
  );
  const renewal = new CredentialRenewal(fetion, link, file, quiet, NEVER_MS, now);
  links.push(link);
  renewals.push(renewal);
  return { link, renewal };
}

const inUse = async () => {
  const path = '/v1/networks/fetion/credentials';
  const { body } = await console.call<{ items: { publicKey: string; lastUsedAt: string | null }[] }>(
    console.operators['fetion'],
    'GET',
    path,
  );
  return body.items.filter(({ lastUsedAt }) => lastUsedAt !== null).map(({ publicKey }) => publicKey);
};

test('early in their life nothing is renewed; late, one process renews and the other follows', async () => {
  let today = new Date();
  const [one, other] = [await adapterProcess(() => today), await adapterProcess(() => today)];
  const before = factsOf(file.read());
  await one.renewal.check();
  expect(factsOf(file.read())).toEqual(before);

  today = new Date(Date.now() + 75 * DAY_MS);
  await one.renewal.check();
  const renewed = factsOf(file.read());
  expect(renewed.publicKey).not.toBe(before.publicKey);
  expect(statSync(file.path).mode & 0o777).toBe(0o600);
  await other.renewal.check();
  await until('both to be back', () => one.link.connected && other.link.connected);
  await until('the new credentials to be used', async () => (await inUse()).includes(renewed.publicKey));

  // The old ones are revoked, the renewed ones with them: no client is connected to the bus any more.
  const path = `/v1/networks/fetion/credentials/${before.publicKey}`;
  await console.call(console.operators['fetion'], 'DELETE', path, { reason: 'a test' });
  await until('both to be cut off', () => !one.link.connected && !other.link.connected);
});
