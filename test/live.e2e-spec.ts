/** The pages of the console follow what happens without being reloaded: the adapter of a network is killed. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { TestNetwork } from '#adapter-contract';
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsoleFixture, FIRST_ADMIN } from './support/console-fixture.js';
import { engineOrSkip } from './support/engines.js';
import type { App } from './support/hub-fixture.js';
import { until } from './support/until.js';

const PASSWORD = 'a long enough password';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('pages that are open', () => {
  let console: ConsoleFixture;
  let north: TestNetwork;
  let adapter: App;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    console = await ConsoleFixture.open(undefined, { ADMIN_PASSWORD: PASSWORD });
    north = await TestNetwork.open('north');
    adapter = await adapterOf('north');
    browser = await launchBrowser(program?.chromium);
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  });
  afterAll(async () => {
    await browser?.close();
    await console?.close();
    await north?.close();
  });

  /** Of a test network that is live. Signed on. */
  async function adapterOf(slug: string): Promise<App> {
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: slug, name: slug, test: true });
    await console.call(FIRST_ADMIN, 'POST', `/v1/networks/${slug}/enable`, { reason: 'a test' });
    const key = await console.key(`${slug} people`, 'operator', slug);
    const path = `/v1/networks/${slug}/credentials`;
    const { body } = await console.call<{ credentials: string }>(key, 'POST', path);
    const app = await console.hub.app(
      `adapter-${slug}`,
      'dist/libs/adapter-contract/src/test-adapter.main.js',
      {
        TEST_NETWORK: slug,
        TEST_PORT: String(north.port),
        NATS_CREDS: console.hub.credentials(`adapter-${slug}`, body.credentials),
      },
    );
    await until(`${slug} to sign on`, async () => {
      type Shown = { adapter: { nativeConnected: boolean } };
      return (await console.call<Shown>(FIRST_ADMIN, 'GET', `/v1/networks/${slug}`)).body.adapter
        .nativeConnected;
    });
    return app;
  }

  /** @returns rules of accessibility that the page breaks, with the elements */
  async function findings(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }

  /** Without the marker, somebody has loaded the page again. */
  const mark = (page: Page) => page.evaluate('window.sameDocument = true');
  const isMarked = (page: Page) => page.evaluate<boolean>("'sameDocument' in window");

  async function open(path: string, heading: string): Promise<Page> {
    const page = await context.newPage();
    const streaming = page.waitForResponse((response) => response.url().includes('/v1/events'));
    await page.goto(`${console.url}${path}`);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await streaming;
    await mark(page);
    return page;
  }

  it('show at once that a network is unavailable, without being reloaded', async () => {
    const signIn = await context.request.post(`${console.url}/v1/session`, {
      data: { user: 'first-admin', password: PASSWORD },
      headers: { origin: console.url },
    });
    expect(signIn.status()).toBe(200);
    const overview = await open('/?range=hour', 'Overview');
    const networks = await open('/networks', 'Networks');
    const topology = await open('/topology', 'Topology');
    await overview.getByText('All is well').waitFor();
    await networks.getByRole('row').filter({ hasText: 'north' }).getByText('Reachable').waitFor();
    await topology.getByRole('button', { name: 'north, available' }).waitFor();

    await adapter.child.crash();

    await overview.getByText('The network north is unavailable').waitFor();
    await networks.getByRole('row').filter({ hasText: 'north' }).getByText('Adapter not signed on').waitFor();
    await topology.getByRole('button', { name: 'north, unavailable' }).waitFor();
    for (const page of [overview, networks, topology]) expect(await isMarked(page)).toBe(true);
  });

  it('lead from the graph, the grid and the list to a pair, and are accessible in dark colours', async () => {
    await console.sql(`UPDATE network SET status = 'live' WHERE slug IN ('xmpp', 'matrix')`);
    await console.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, from_party, to_party, outcome, code, ended_at)
       VALUES ('one', 'xmpp', 'matrix', 'x', 'y', 'delivered', '00', now()), ('two', 'xmpp', 'matrix', 'x', 'y', 'failed', '91', now())`,
    );
    const page = await open('/topology?view=graph', 'Topology');
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    const ways = [
      { view: 'Graph', open: () => page.locator('.edge-head').first().click() },
      {
        view: 'Grid',
        open: () =>
          page.getByRole('button', { name: /^xmpp to matrix: 2 messages, 1 failed/ }).press('Enter'),
      },
      {
        view: 'List',
        open: () => page.getByRole('button', { name: 'Details xmpp → matrix' }).press('Enter'),
      },
    ];
    for (const way of ways) {
      await page.getByText(way.view, { exact: true }).click();
      await way.open();
      const panel = page.getByRole('dialog');
      await panel.getByText('no agreement from xmpp to matrix', { exact: false }).waitFor();
      expect({ ...way, findings: await findings(page) }).toEqual({ ...way, findings: [] });
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      expect({ ...way, findings: await findings(page) }).toEqual({ ...way, findings: [] });
    }
  });

  it('say so when events do not come any more', async () => {
    const page = await open('/networks', 'Networks');
    expect(await page.getByText('Not live').count()).toBe(0);
    await page.route('**/v1/events*', (route) => route.abort());
    await page.reload();
    await page.getByText('Not live').waitFor();
  });
});
