/** Secrets of authenticators in the database: encrypted, from before the encryption, and after a rotation of the key. */
import { randomUUID } from 'node:crypto';
import { ConsoleFixture, FIRST_ADMIN } from '../../../../test/support/console-fixture.js';
import { quiet } from '../../../../test/support/hub-fixture.js';
import { placeOf } from './sealed-secrets.repository.js';
import { SecretBox } from './secret-box.js';
import { SecretMigration } from './secret-migration.js';

const PASSWORD = 'a password for this test';
const NEW_KEY = '7a'.repeat(32);
let house: ConsoleFixture;

beforeAll(async () => {
  house = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
});
afterAll(() => house?.close(), 60_000);

const oldKey = () => house.settings.ENCRYPTION_KEY?.[0] ?? '';
const stored = async () =>
  (await house.sql<{ person_id: string; secret: string }>('SELECT person_id, secret FROM second_factor'))[0];

/** As a version before the encryption left it. */
async function storeInClear(secret: string): Promise<void> {
  await house.sql('UPDATE second_factor SET secret = $1', [secret]);
}

/** What a console with these keys does at its start. */
async function startWith(...keys: string[]): Promise<void> {
  await new SecretMigration(house.database, new SecretBox(keys), quiet).onApplicationBootstrap();
}

let secret = '';

test('the secret of an authenticator is shown once, and the table has it encrypted', async () => {
  const offer = { password: PASSWORD };
  const { body } = await house.call<{ secret: string }>(FIRST_ADMIN, 'POST', '/v1/me/second-factor', offer);
  secret = body.secret;
  const { secret: kept = '', person_id: person = '' } = (await stored()) ?? {};
  expect(kept).not.toContain(secret);
  expect(new SecretBox([oldKey()]).open(kept, placeOf('second_factor', person))).toBe(secret);
});

test('secrets from before the encryption are encrypted at the start', async () => {
  await storeInClear(secret);
  await startWith(oldKey());
  const { secret: kept = '', person_id: person = '' } = (await stored()) ?? {};
  expect(new SecretBox([oldKey()]).open(kept, placeOf('second_factor', person))).toBe(secret);
});

test('with a new key in front they are encrypted again, and the former key is not needed any more', async () => {
  await startWith(NEW_KEY, oldKey());
  const { secret: kept = '', person_id: person = '' } = (await stored()) ?? {};
  const box = new SecretBox([NEW_KEY]);
  expect(box.isCurrent(kept)).toBe(true);
  expect(box.open(kept, placeOf('second_factor', person))).toBe(secret);
});

test.each([
  ['without a key', [], /ENCRYPTION_KEY: missing/],
  ['with another key alone', ['00'.repeat(32)], /cannot be decrypted/],
])('a console %s does not start, and changes nothing', async (_, keys, words) => {
  const before = await stored();
  await expect(startWith(...keys)).rejects.toThrow(words);
  expect(await stored()).toEqual(before);
});

test('a secret that was copied to another row is refused', async () => {
  const { secret: kept = '' } = (await stored()) ?? {};
  expect(() => new SecretBox([NEW_KEY]).open(kept, placeOf('second_factor', randomUUID()))).toThrow(
    /authenticate/,
  );
});
