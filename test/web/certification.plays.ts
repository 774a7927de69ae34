/** Reports of certifications: what to fix, what has changed, a run that is watched, and a link for others. */
import type { ConsoleFixture } from '../support/console-fixture.js';
import type { ConsolePage } from '../support/console-page.js';
import { reportWith, storeReport } from '../support/reports.js';
import { faultsOf } from './faults.js';
import { HOSTILE } from './stage.js';

interface Members {
  house: ConsoleFixture;
  admin: ConsolePage;
  /** Of xmpp, in dark colours. */
  operator: ConsolePage;
}

export function certificationPlays(members: () => Members): void {
  let newer = '';

  beforeAll(async () => {
    const before = reportWith('xmpp', {
      once: { verdict: 'fail', reason: 'it was shown twice' },
      order: { verdict: 'fail', reason: 'two before one' },
    });
    const after = reportWith('xmpp', {
      heartbeat: { verdict: 'fail', reason: HOSTILE },
      order: { verdict: 'fail', reason: 'two before one' },
    });
    await storeReport(members().house, before, 'failed', '2026-11-01T00:00:00Z');
    newer = await storeReport(members().house, after, 'failed', '2026-11-02T00:00:00Z');
  });

  test('a failed case says what to fix, and leads to where it is documented', async () => {
    const { admin } = members();
    const { page } = admin;
    await admin.go(`/certification?network=xmpp&run=${newer}`);
    const fixes = page.getByRole('region', { name: 'What to fix' });
    await fixes.getByText(HOSTILE).waitFor();
    await fixes.getByText('Send the body of the sign-on to').waitFor();
    expect(await faultsOf(admin)).toEqual([]);
    const [guide] = await Promise.all([
      page.waitForEvent('popup'),
      fixes.getByRole('link', { name: 'Documented in adapters.md, “2. Sign on”' }).click(),
    ]);
    await guide.getByRole('heading', { name: '2. Sign on' }).waitFor();
    expect(new URL(guide.url()).hash).toBe('#2-sign-on');
    expect(await faultsOf(await admin.window(guide))).toEqual([]);
    await guide.close();
  });

  test('two reports are compared', async () => {
    const { admin } = members();
    const { page } = admin;
    await admin.go('/certification?network=xmpp');
    const boxes = page.getByRole('row').getByRole('checkbox');
    await boxes.nth(1).waitFor();
    for (const box of await boxes.all()) if (!(await box.isChecked())) await box.check();
    await page.getByRole('button', { name: 'Compare the two' }).click();
    const part = (name: string) => page.getByRole('region', { name });
    await part('Newly failing').getByText('Heartbeats').waitFor();
    await part('Newly passing').getByText('The same event twice').waitFor();
    await part('Still failing').getByText('Twenty in order').waitFor();
    expect(await part('Newly failing').getByRole('listitem').count()).toBe(1);
    expect(await faultsOf(admin)).toEqual([]);
  });

  test('a run is watched test by test, with what the operator is to do now', async () => {
    const { operator } = members();
    const { page } = operator;
    const running = reportWith('xmpp', {
      restart: { verdict: 'running', asks: 'restart' },
      'two-instances': { verdict: 'pending' },
    });
    const id = await storeReport(members().house, running, 'running', new Date().toISOString());
    await operator.open(`/certification?network=xmpp&run=${id}`);
    await page.getByText('Testing: Killed and started again').waitFor();
    await page.getByRole('alert').getByText('Kill the adapter now').waitFor();
    expect(await faultsOf(operator)).toEqual([]);
    const ended = reportWith('xmpp', { restart: { verdict: 'fail', reason: 'lost the third text' } });
    await members().house.sql(`UPDATE certification SET state = 'failed', report = $2 WHERE id = $1`, [
      id,
      JSON.stringify(ended),
    ]);
    await page.getByRole('region', { name: 'What to fix' }).getByText('lost the third text').waitFor();
    expect(await page.getByText('Kill the adapter now').count()).toBe(0);
  });

  test('a certification is started, and its report opens', async () => {
    const { operator } = members();
    const { page } = operator;
    await operator.go('/certification?network=xmpp');
    await page.getByRole('button', { name: 'Start a certification' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Start a certification' }).click();
    await dialog.getByText('Enter the loopback.').waitFor();
    expect(await faultsOf(operator, '[role=dialog]')).toEqual([]);
    await dialog.getByLabel('Loopback').fill('echo@example.org');
    await dialog.getByRole('button', { name: 'Start a certification' }).click();
    await page.getByRole('region', { name: 'Report', exact: true }).waitFor();
    const [row] = await members().house.sql<{ id: string }>(
      `SELECT id FROM certification WHERE report->>'loopback' = 'echo@example.org' ORDER BY at DESC LIMIT 1`,
    );
    expect(new URL(page.url()).searchParams.get('run')).toBe(row?.id);
  });

  test('a report is shared by a link that is shown once, until it is revoked', async () => {
    const { admin } = members();
    const { page } = admin;
    await admin.go(`/certification?network=xmpp&run=${newer}`);
    await page.getByRole('button', { name: 'Share' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const link = (await dialog.getByText(/\/reports\/[\w-]{43}/).textContent()) ?? '';
    expect(await faultsOf(admin, '[role=dialog]')).toEqual([]);
    expect((await fetch(link)).status).toBe(200);
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await dialog.getByText('Revoked', { exact: true }).waitFor();
    expect((await fetch(link)).status).toBe(404);
  });
}
