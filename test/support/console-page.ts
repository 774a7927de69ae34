/** Somebody at the web console, in a browser of their own. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Locator, Page } from 'playwright-core';
import type { ConsoleFixture } from './console-fixture.js';

interface Person {
  user: string;
  password: string;
}

export class ConsolePage {
  /** Requests that the console refused because the role does not allow them. */
  readonly forbidden: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
  ) {
    page.on('response', (response) => {
      if (response.status() === 403)
        this.forbidden.push(`${response.request().method()} ${new URL(response.url()).pathname}`);
    });
  }

  static async signIn(
    browser: Browser,
    { url }: Pick<ConsoleFixture, 'url'>,
    { user, password }: Person,
  ): Promise<ConsolePage> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1280, height: 900 },
      // A fading element has little contrast.
      reducedMotion: 'reduce',
    });
    const own = new ConsolePage(await context.newPage(), url);
    await own.page.goto(`${url}/changes`);
    await own.page.getByLabel('Name or mail address').fill(user);
    await own.page.getByLabel('Password', { exact: true }).fill(password);
    await own.page.locator('form').getByRole('button', { name: 'Sign in' }).click();
    await own.heading('Changes').waitFor();
    return own;
  }

  heading(name: string): Locator {
    return this.page.getByRole('heading', { level: 1, name, exact: true });
  }

  /** Opens the screen of a menu entry. */
  async open(name: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Menu' })
      .getByRole('link', { name, exact: true })
      .click();
    await this.page.locator('.nav-link[aria-current=page]', { hasText: name }).waitFor();
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.loaded();
  }

  async loaded(): Promise<void> {
    await this.page.locator('.loading').first().waitFor({ state: 'detached' });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.loaded();
  }

  /** Names of the menu entries that this person sees. */
  menu(): Promise<string[]> {
    return this.entries().allInnerTexts();
  }

  private entries(): Locator {
    return this.page.getByRole('navigation', { name: 'Menu' }).getByRole('link');
  }

  dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  async choose(label: string, option: string): Promise<void> {
    const input = this.dialog().getByLabel(label, { exact: true });
    await input.fill(option);
    await this.page
      .locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active', {
        hasText: option,
      })
      .waitFor();
    await input.press('Enter');
  }

  /** Presses a button of a change and gives a reason. */
  async decide(panel: Locator, step: string, reason: string): Promise<void> {
    await panel.getByRole('button', { name: step, exact: true }).click();
    await this.dialog().getByLabel('Reason').fill(reason);
    await this.dialog().getByRole('button', { name: step, exact: true }).click();
    await this.dialog().waitFor({ state: 'detached' });
  }

  /** @returns rules of accessibility that the page breaks, with the elements */
  async findings(rules?: string[]): Promise<string[]> {
    const builder = new AxeBuilder({ page: this.page }).setLegacyMode(true);
    const { violations } = await (rules ? builder.withRules(rules) : builder).analyze();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, any: [check] }) => `${id}: ${html.slice(0, 200)} ${check?.message ?? ''}`),
    );
  }

  async colours(scheme: 'light' | 'dark'): Promise<void> {
    await this.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await this.page.locator(`html[style*="color-scheme: ${scheme}"]`).waitFor({ state: 'attached' });
  }
}
