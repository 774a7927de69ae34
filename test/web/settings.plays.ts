/** Settings, risk and audit, with a real receiver of webhooks. */
import { FIRST_ADMIN, SECOND_ADMIN } from '../support/console-fixture.js';
import { ConsolePage } from '../support/console-page.js';
import { HOSTILE_TEXTS } from '../support/hostile-texts.js';
import { codeAt, secondFactorOf } from '../support/second-factor.js';
import { until } from '../support/until.js';
import { documentedCheck } from '../support/webhook-receiver.js';
import { FIRST, HOSTILE, PASSWORD, SECOND, type WebStage } from './stage.js';

/** Parts that a screen does not show first: those are looked at with their screens. */
const PARTS = [
  { screen: 'Settings', part: 'Second factor', words: 'Set up a second factor' },
  { screen: 'Settings', part: 'API keys', words: 'New key' },
  { screen: 'Settings', part: 'People', words: 'Add a person' },
  { screen: 'Settings', part: 'Webhooks', words: 'No webhooks' },
  { screen: 'Settings', part: 'Language and time zone', words: 'Keep for my account' },
  { screen: 'Risk', part: 'Limits reached', words: 'No limit was reached' },
  { screen: 'Risk', part: 'Complaints', words: 'No complaints' },
  { screen: 'Risk', part: 'Block lists', words: 'No blocked addresses' },
] as const;

export function settingsPlays(stage: () => WebStage): void {
  let admin: ConsolePage;
  /** Of the webhook. */
  let secret = '';

  beforeAll(async () => {
    ({ admin } = stage());
    await admin.open('/settings?tab=sessions');
    await admin.page.getByText('My sessions').first().waitFor();
    await admin.fitsPhone();
  });

  test.each(PARTS)('$screen, $part: accessible, also on a phone', async ({ screen, part, words }) => {
    await admin.enter(screen);
    await admin.part(part);
    await admin.page.getByText(words).first().waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
    await admin.fitsPhone();
  });

  test('the risk of a network: accessible, also on a phone', async () => {
    await admin.go('/risk?tab=networks&network=xmpp');
    await admin.page.getByText('Propose dismissing complaints').first().waitFor();
    expect(await admin.findings({ within: 'main' })).toEqual([]);
    await admin.fitsPhone();
  });

  test('the audit log is filtered by the server, and its filters stand in the address', async () => {
    const { page } = admin;
    const rows = page.getByRole('row');
    await admin.enter('Audit');
    await page.getByLabel('What', { exact: true }).fill('operator.');
    await page.getByLabel('What', { exact: true }).press('Enter');
    await page.waitForURL(/action=operator/);
    const head = 1;
    await rows.nth(head + HOSTILE_TEXTS.length).waitFor({ state: 'detached' });
    expect(await rows.count()).toBe(head + HOSTILE_TEXTS.length);
    await admin.fitsPhone();
    await page.getByRole('link', { name: 'operator/operator-2', exact: true }).click();
    await page.waitForURL(/subject=operator/);
    await rows.nth(head + 1).waitFor({ state: 'detached' });
    await page.goBack();
    await rows.nth(head + 1).waitFor();
    // A reason is text, whatever it contains.
    await page.getByText(HOSTILE, { exact: true }).first().waitFor();
    expect(await admin.wasHarmed()).toBe(false);

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export CSV' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('audit.csv');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/The chain is intact/).waitFor();
  });

  test('pages of the audit log: older ones, and back to the first', async () => {
    const { page } = admin;
    for (let n = 0; n < 60; n++)
      await stage().house.call(FIRST_ADMIN, 'POST', '/v1/keys', { name: `key ${n}`, reason: 'a test' });
    await admin.go('/audit?action=key.issued');
    await page.getByRole('row', { name: 'key.issued' }).first().waitFor();
    const numberOfFirst = () => page.getByRole('row').nth(1).getByRole('cell').first().innerText();
    const first = await numberOfFirst();
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.waitForURL(/page=/);
    await page.getByRole('button', { name: 'First page', disabled: false }).click();
    await page.waitForURL((url) => !url.search.includes('page='));
    await until('the first page', async () => (await numberOfFirst()) === first);
  });

  test('a webhook: its secret is shown once, a test arrives, and the log says so', async () => {
    const { receiver } = stage();
    const { page } = admin;
    await admin.go('/settings?tab=webhooks');
    const dialog = await admin.openDialog('New webhook');
    await dialog.getByLabel('Address').fill(`${receiver.url}/browser`);
    await dialog.getByLabel('Network unavailable').check();
    await dialog.getByLabel('Purpose').fill(HOSTILE);
    await dialog.getByLabel('Reason').fill('a test');
    expect(await admin.findingsInDialog()).toEqual([]);
    await dialog.getByRole('button', { name: 'New webhook' }).click();
    const shown = page.locator('.secret', { hasText: /^whsec_/ });
    secret = await shown.innerText();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await until('the test', () => receiver.at('/browser').length === 1);
    await page.getByText('Delivered', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('webhook')).not.toBeNull();
    await page.getByRole('button', { name: 'Deliver again' }).click();
    await until('the same again', () => receiver.at('/browser').length === 2);
    expect(await admin.wasHarmed()).toBe(false);
  });

  test('its secret is rotated: what is sent now is signed with the new one, and with the old one for a day', async () => {
    const { receiver } = stage();
    const { page } = admin;
    await admin.go('/settings?tab=webhooks');
    const dialog = await admin.openDialog('Rotate the secret');
    await dialog.getByLabel('Reason').fill('it was in a mail');
    await dialog.getByRole('button', { name: 'Rotate the secret' }).click();
    const shown = page.locator('.secret', { hasText: /^whsec_/ });
    const rotated = await shown.innerText();
    expect(rotated).not.toBe(secret);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await shown.waitFor({ state: 'detached' });
    const before = receiver.at('/browser').length;
    await page.getByRole('button', { name: 'Send a test' }).click();
    await until('another test', () => receiver.at('/browser').length > before);
    const [sent = { headers: {}, body: '' }] = receiver.at('/browser').slice(-1);
    for (const key of [rotated, secret]) expect(documentedCheck('js', { ...sent, secret: key })).toBe(true);
    expect(documentedCheck('js', { ...sent, secret: `whsec_${'A'.repeat(43)}=` })).toBe(false);
  });

  test('a key is shown once, works, and is revoked', async () => {
    const { house } = stage();
    const { page } = admin;
    await admin.go('/settings?tab=keys');
    const dialog = await admin.openDialog('New key');
    await dialog.getByLabel('Name').fill('from the browser');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Make it' }).click();
    const key = await page.locator('.secret').innerText();
    expect((await house.call(key, 'GET', '/v1/me')).status).toBe(200);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await admin.go('/settings?tab=keys&filter=from%20the%20browser');
    await page.getByRole('row', { name: 'from the browser' }).waitFor();
    await page
      .getByRole('row', { name: /^key 1/ })
      .first()
      .waitFor({ state: 'detached' });
    const asked = await admin.openDialog('Revoke');
    await asked.getByLabel('Reason').fill('a test');
    await asked.getByRole('button', { name: 'Revoke' }).click();
    await until('it is refused', async () => (await house.call(key, 'GET', '/v1/me')).status === 401);
  });

  test('a person is proposed, and the page says that another admin must approve', async () => {
    const { page } = admin;
    await admin.go('/settings?tab=people');
    const dialog = await admin.openDialog('Add a person');
    await dialog.getByLabel('Name', { exact: true }).fill('Li');
    await dialog.getByLabel('Mail address').fill('li@example.org');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await page.getByText('It takes effect when another person has approved it.', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Show the change' }).click();
    await page.waitForURL(/\/changes\?filter=/);
    await page.getByText('li@example.org').first().waitFor();
  });

  test('an integrator is proposed with the name that tariffs have', async () => {
    const { page } = admin;
    await admin.go('/settings?tab=people');
    const dialog = await admin.openDialog('Add a person');
    await dialog.getByLabel('Name', { exact: true }).fill('Sun');
    await dialog.getByLabel('Mail address').fill('sun@example.org');
    await admin.choose('Role', 'Integrator');
    await dialog.getByLabel('Name of the integrator').fill('Cloud Bridge');
    await dialog.getByLabel('Reason').fill('a test');
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await dialog.getByText('Up to 31 lower-case letters').waitFor();
    await dialog.getByLabel('Name of the integrator').fill('cloud-bridge');
    expect(await admin.findingsInDialog()).toEqual([]);
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('link', { name: 'Show the change' }).waitFor();
    const [proposed] = await stage().house.sql<{ network: string }>(
      `SELECT body #>> '{terms,network}' AS network FROM change_request
       WHERE body #>> '{terms,mail}' = 'sun@example.org'`,
    );
    expect(proposed?.network).toBe('integrator:cloud-bridge');
  });

  test('all other sessions end at once', async () => {
    const { browser, house } = stage();
    const other = await ConsolePage.signIn(browser, house.url, FIRST);
    await admin.go('/settings?tab=sessions');
    await admin.page.getByRole('button', { name: 'End all other sessions' }).click();
    await until('it has ended', async () => (await other.statusOfSession()) === 401);
    expect(await admin.statusOfSession()).toBe(200);
    await other.close();
  });

  test('a second factor is set up with the secret of the page, and asked for at the next sign-in', async () => {
    const { browser, house } = stage();
    const second = await ConsolePage.signIn(browser, house.url, SECOND);
    const { page } = second;
    await second.open('/settings?tab=secondFactor');
    const dialog = await second.openDialog('Set up a second factor');
    await dialog.getByLabel('Password', { exact: true }).fill('a wrong password');
    await dialog.getByRole('button', { name: 'Set up a second factor' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await dialog.getByRole('button', { name: 'Set up a second factor' }).click();
    await page.getByRole('img', { name: 'QR code for the authenticator' }).waitFor();
    expect(await second.findings({ within: 'main' })).toEqual([]);
    const secret = await page.locator('ol code').innerText();
    await page.getByLabel('Six digits of your authenticator').fill(codeAt(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    const [recoveryCode = '', ...others] = (await page.locator('.secret').innerText()).split('\n');
    expect(others).toHaveLength(9);
    expect(await second.findingsInDialog()).toEqual([]);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByText('It is on: signing in needs a code').waitFor();
    await page.getByText('10 recovery codes are left.').waitFor();
    const again = await page.context().request.post(`${house.url}/v1/session`, { data: SECOND });
    expect([again.status(), ((await again.json()) as { type: string }).type]).toEqual([
      401,
      'urn:hutong:problem:second-factor-required',
    ]);
    const without = { data: { ...SECOND, code: recoveryCode } };
    expect((await page.context().request.post(`${house.url}/v1/session`, without)).status()).toBe(200);
    await second.close();
  });

  test('a lost second factor is reset by two admins; its owner sets up a new one before anything else', async () => {
    const { browser, house } = stage();
    const key = await house.key('Without telephone', 'auditor');
    const { visitor } = await secondFactorOf(house, key, PASSWORD);
    await admin.open('/settings?tab=people&filter=Without%20telephone');
    const dialog = await admin.openDialog('Reset second factor');
    await dialog.getByLabel('Reason').fill('lost it');
    expect(await admin.findingsInDialog()).toEqual([]);
    await dialog.getByRole('button', { name: 'Propose' }).click();
    await admin.page.getByRole('link', { name: 'Show the change' }).waitFor();
    const [change] = await house.sql<{ id: string }>(
      `SELECT id FROM change_request WHERE body ->> 'kind' = 'person.second-factor-reset'`,
    );
    await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${change?.id}/approve`, { reason: 'agreed' });

    const owner = await ConsolePage.signIn(browser, house.url, visitor);
    const { page } = owner;
    await owner.open('/networks');
    await page.getByRole('heading', { name: 'Set up a new second factor' }).waitFor();
    expect(await owner.findings()).toEqual([]);
    await owner.fitsPhone();
    const asked = await owner.openDialog('Set up a second factor');
    await asked.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await asked.getByRole('button', { name: 'Set up a second factor' }).click();
    const secret = await page.locator('ol code').innerText();
    await page.getByLabel('Six digits of your authenticator').fill(codeAt(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('heading', { name: 'Networks', level: 1 }).waitFor();
    await owner.close();
  });
}
