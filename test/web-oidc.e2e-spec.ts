/** People sign in with the OpenID provider of their organisation, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { findChromium, freePort } from '#engines';
import { inaccessible } from './support/accessibility.js';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from './support/console-fixture.js';
import { engineOrSkip } from './support/engines.js';
import { LocalOidcProvider, ROLE_CLAIM } from './support/local-oidc-provider.js';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('sign-in with the organisation', () => {
  let provider: LocalOidcProvider;
  let house: ConsoleFixture;
  let browser: Browser;

  beforeAll(async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    provider = await LocalOidcProvider.open(url, {
      mei: { email: 'mei@example.org', email_verified: true, [ROLE_CLAIM]: ['auditor'] },
      stranger: { email: 'nobody@example.org', email_verified: true, [ROLE_CLAIM]: ['admin'] },
    });
    house = await ConsoleFixture.open(undefined, { ...provider.settings, HTTP_PORT: String(port) });
    const terms = { name: 'Mei', mail: 'mei@example.org', roles: ['auditor'] };
    const proposal = { terms, reason: 'a test' };
    const { body } = await house.call<{ id: string }>(FIRST_ADMIN, 'POST', '/v1/people', proposal);
    await house.call(SECOND_ADMIN, 'POST', `/v1/changes/${body.id}/approve`, { reason: 'agreed' });
    browser = await launchBrowser(program?.chromium);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
    provider?.close();
  }, 60_000);

  /** A browser of their own, at the sign-in; then through the pages of the provider and back. */
  async function throughProvider(who: string): Promise<Page> {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
    // The pages of the provider ask for a font elsewhere.
    await context.route('https://**', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(house.url);
    await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
    await page.getByPlaceholder('Enter any login').fill(who);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    return page;
  }

  test('a registered person comes back signed in, sees what the role allows, and signs out', async () => {
    const page = await throughProvider('mei');
    await page.getByRole('button', { name: 'Account and display' }).waitFor();
    expect(new URL(page.url()).origin).toBe(house.url);
    await page.goto(`${house.url}/settings?tab=sessions`);
    await page.getByRole('cell', { name: 'Organisation', exact: true }).waitFor();
    await page.goto(`${house.url}/settings?tab=keys`);
    await page.getByRole('button', { name: 'New key' }).waitFor();
    await page.goto(`${house.url}/settings?tab=webhooks`);
    await page.getByText('No webhooks').waitFor();
    expect(await page.getByRole('button', { name: 'New webhook' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Account and display' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in to Hutong' }).waitFor();
  });

  test('somebody who is not registered comes back to the sign-in, and reads why', async () => {
    const page = await throughProvider('stranger');
    await page.getByText('nobody with your mail address is registered here').waitFor();
    expect(await inaccessible(page)).toEqual([]);
    expect((await page.context().request.get(`${house.url}/v1/me`)).status()).toBe(401);
  });
});
