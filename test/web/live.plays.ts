/** The pages of the console follow what happens without being reloaded: the adapter of a network is killed. */
import type { Page } from 'playwright-core';
import { TestNetwork } from '#adapter-contract';
import { FIRST_ADMIN, type ConsoleFixture } from '../support/console-fixture.js';
import { ConsolePage } from '../support/console-page.js';
import type { App } from '../support/hub-fixture.js';
import { until } from '../support/until.js';
import { FIRST, openHouse, type Stage } from './stage.js';

export function livePlays(stage: () => Pick<Stage, 'browser'>): void {
  let house: ConsoleFixture;
  let north: TestNetwork;
  let adapter: App;
  let admin: ConsolePage;
  /** Windows that stay open. */
  let networks: Page;
  let graph: ConsolePage;

  beforeAll(async () => {
    house = await openHouse();
    north = await TestNetwork.open('north');
    adapter = await adapterOf('north');
    admin = await ConsolePage.signIn(stage().browser, house.url, FIRST, { colorScheme: 'dark' });
  });
  afterAll(async () => {
    await admin?.close();
    await house?.close();
    await north?.close();
  });

  /** Of a test network that is live. Signed on. */
  async function adapterOf(slug: string): Promise<App> {
    await house.call(FIRST_ADMIN, 'POST', '/v1/networks', { network: slug, name: slug, test: true });
    await house.call(FIRST_ADMIN, 'POST', `/v1/networks/${slug}/enable`, { reason: 'a test' });
    const key = await house.key(`${slug} people`, 'operator', slug);
    const path = `/v1/networks/${slug}/credentials`;
    const { body } = await house.call<{ credentials: string }>(key, 'POST', path);
    const app = await house.hub.app(
      `adapter-${slug}`,
      'dist/libs/adapter-contract/src/test-adapter.main.js',
      {
        TEST_NETWORK: slug,
        TEST_PORT: String(north.port),
        NATS_CREDS: house.hub.credentials(`adapter-${slug}`, body.credentials),
      },
    );
    await until(`${slug} to sign on`, async () => {
      type Shown = { adapter: { nativeConnected: boolean } };
      return (await house.call<Shown>(FIRST_ADMIN, 'GET', `/v1/networks/${slug}`)).body.adapter
        .nativeConnected;
    });
    return app;
  }

  /** Without the marker, somebody has loaded the page again. */
  const mark = (page: Page) => page.evaluate('window.sameDocument = true');
  const isMarked = (page: Page) => page.evaluate<boolean>("'sameDocument' in window");

  async function open(path: string, heading: string): Promise<ConsolePage> {
    const window = await admin.window();
    const { page } = window;
    const streaming = page.waitForResponse((response) => response.url().includes('/v1/events'));
    await window.open(path);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await streaming;
    await mark(page);
    return window;
  }

  it('show at once that a network is unavailable, without being reloaded', async () => {
    const { page: overview } = await open('/?range=hour', 'Overview');
    ({ page: networks } = await open('/networks', 'Networks'));
    graph = await open('/topology', 'Topology');
    const { page: topology } = graph;
    await overview.getByText('All is well').waitFor();
    await networks.getByRole('row').filter({ hasText: 'north' }).getByText('Reachable').waitFor();
    await topology.getByRole('button', { name: 'north, available' }).waitFor();

    await adapter.child.crash();

    await overview.getByText('The network north is unavailable').waitFor();
    await networks.getByRole('row').filter({ hasText: 'north' }).getByText('Adapter not signed on').waitFor();
    await topology.getByRole('button', { name: 'north, unavailable' }).waitFor();
    for (const page of [overview, networks, topology]) expect(await isMarked(page)).toBe(true);
  });

  it('lead from the graph, the grid and the list to a pair, and are accessible', async () => {
    await house.sql(`UPDATE network SET status = 'live' WHERE slug IN ('xmpp', 'matrix')`);
    await house.sql(
      `INSERT INTO detail_record (reference, from_network, to_network, from_party, to_party, outcome, code, ended_at)
       VALUES ('one', 'xmpp', 'matrix', 'x', 'y', 'delivered', '00', now()), ('two', 'xmpp', 'matrix', 'x', 'y', 'failed', '91', now())`,
    );
    const { page } = graph;
    await graph.open('/topology?view=graph');
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
      expect({ ...way, findings: await graph.findingsInDialog() }).toEqual({ ...way, findings: [] });
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'hidden' });
      const found = await graph.findings({ within: 'main' });
      expect({ ...way, findings: found }).toEqual({ ...way, findings: [] });
    }
  });

  it('say so when events do not come any more', async () => {
    expect(await networks.getByText('Not live').count()).toBe(0);
    await networks.route('**/v1/events*', (route) => route.abort());
    await networks.reload();
    await networks.getByText('Not live').waitFor();
  });
}
