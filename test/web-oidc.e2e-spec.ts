/** People sign in with the OpenID provider of their organisation, in a real browser. */
import type { Browser } from 'playwright-core';
import { findChromium, freePort } from '#engines';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from './support/console-fixture.js';
import { ConsolePage, openBrowser } from './support/console-page.js';
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
    browser = await openBrowser(program?.chromium ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await house?.close();
    provider?.close();
  }, 60_000);

  /** Through the pages of the provider and back. */
  async function throughProvider({ context, page }: ConsolePage, who: string): Promise<void> {
    // The pages of the provider ask for a font elsewhere.
    await context.route('https://**', (route) => route.abort());
    await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
    await page.getByPlaceholder('Enter any login').fill(who);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  test('a registered person comes back signed in, and sees what the role allows', async () => {
    const mei = await ConsolePage.open(browser, house.url);
    await mei.page.goto(house.url);
    await throughProvider(mei, 'mei');
    await mei.page.getByRole('button', { name: 'Account and display' }).waitFor();
    expect(new URL(mei.page.url()).origin).toBe(house.url);
    await mei.goto('/settings?tab=sessions');
    await mei.page.getByRole('cell', { name: 'Organisation', exact: true }).waitFor();
    await mei.goto('/settings?tab=keys');
    await mei.page.getByRole('button', { name: 'New key' }).waitFor();
    await mei.goto('/settings?tab=webhooks');
    await mei.page.getByText('No webhooks').waitFor();
    expect(await mei.page.getByRole('button', { name: 'New webhook' }).count()).toBe(0);
    // A session that began at another site is one of this site: the browser sends it with requests that change something.
    await mei.page.getByRole('button', { name: 'Account and display' }).click();
    await mei.page.getByRole('button', { name: 'Sign out' }).click();
    await mei.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });

  test('somebody who is not registered comes back to the sign-in, and reads why', async () => {
    const stranger = await ConsolePage.open(browser, house.url);
    await stranger.page.goto(house.url);
    await throughProvider(stranger, 'stranger');
    await stranger.page.getByText('nobody with your mail address is registered here').waitFor();
    expect(await stranger.findings()).toEqual([]);
    expect((await stranger.context.request.get(`${house.url}/v1/me`)).status()).toBe(401);
  });
});
