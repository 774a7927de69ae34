/** People sign in with the OpenID provider of their organisation. */
import { ConsolePage } from '../support/console-page.js';
import type { WebStage } from './stage.js';

export function signOnPlays(stage: () => WebStage): void {
  let person: ConsolePage;

  beforeAll(async () => {
    person = await ConsolePage.visit(stage().browser, stage().house.url);
    // The pages of the provider ask for a font elsewhere.
    await person.page.route('https://**', (route) => route.abort());
  });
  afterAll(() => person?.close());

  /** From the sign-in through the pages of the provider and back. */
  async function throughProvider(who: string): Promise<void> {
    const { page } = person;
    await person.leave();
    await person.open('/');
    await page.getByRole('link', { name: 'Sign in with your organisation' }).click();
    await page.getByPlaceholder('Enter any login').fill(who);
    await page.getByPlaceholder('and password').fill('any');
    await page.getByRole('button', { name: 'Sign-in' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  }

  test('a registered person comes back signed in, sees what the role allows, and signs out', async () => {
    await throughProvider('mei');
    const { page } = person;
    await page.getByRole('button', { name: 'Account and display' }).waitFor();
    expect(new URL(page.url()).origin).toBe(stage().house.url);
    await person.go('/settings?tab=sessions');
    await page.getByRole('cell', { name: 'Organisation', exact: true }).waitFor();
    await person.part('API keys');
    await page.getByRole('button', { name: 'New key' }).waitFor();
    await person.part('Webhooks');
    await page.getByText('No webhooks').waitFor();
    expect(await page.getByRole('button', { name: 'New webhook' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Account and display' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in to Hutong' }).waitFor();
  });

  test('somebody who is not registered comes back to the sign-in, and reads why', async () => {
    await throughProvider('stranger');
    await person.page.getByText('nobody with your mail address is registered here').waitFor();
    expect(await person.findings()).toEqual([]);
    expect(await person.statusOfSession()).toBe(401);
  });
}
