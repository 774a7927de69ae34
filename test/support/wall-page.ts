/** Somebody at the wall of phones, in a browser. */
import { BROWSER_ARGUMENTS } from './browser.js';
import type { LaunchOptions, Locator, Page } from 'playwright-core';

/** A microphone that hears a tone is part of the browser. */
export const BROWSER_OPTIONS: LaunchOptions = {
  args: [
    ...BROWSER_ARGUMENTS,
    '--disable-background-networking',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
};

export class WallPage {
  private constructor(readonly page: Page) {}

  /** @returns when the first four phones are on the wall */
  static async open(page: Page, address: string): Promise<WallPage> {
    await page.goto(address);
    await page.locator('.phone').nth(3).waitFor();
    return new WallPage(page);
  }

  phone(slug: string): Locator {
    return this.page.locator(`[data-phone="${slug}-0"]`);
  }

  /** The button of a phone that is not on the wall. */
  onShelf(slug: string): Locator {
    return this.page.locator(`[data-shelf="${slug}-0"]`);
  }

  async pickUp(network: string, who: string): Promise<void> {
    await this.page.locator('.on-shelf', { hasText: `${network} ${who}` }).click();
    await this.page.getByRole('region', { name: `${network}, ${who}` }).waitFor();
  }

  async dragIn(slug: string): Promise<void> {
    await this.drag(this.onShelf(slug), this.page.locator('main'));
    await this.phone(slug).waitFor();
  }

  async dragOut(slug: string): Promise<void> {
    await this.drag(this.phone(slug).locator('.owner'), this.page.getByRole('navigation'));
    await this.onShelf(slug).waitFor();
  }

  async close(slug: string): Promise<void> {
    await this.phone(slug).getByRole('button', { name: 'Hang up' }).click();
    await this.phone(slug).waitFor({ state: 'detached' });
  }

  /** What has the focus of the keyboard: a phone on the wall, or the button of one that is not there. */
  focused(): Promise<string> {
    return this.page.evaluate<string>(
      "Object.entries(document.activeElement?.dataset ?? {}).flat().join(' ')",
    );
  }

  /** Opens the chat of the owner with somebody. @param who in the row of the chat: the name, or the newest text */
  async chat(slug: string, who: string): Promise<void> {
    const back = this.phone(slug).getByRole('button', { name: 'Back' });
    if (await back.isVisible()) await back.click();
    const rows = this.phone(slug).locator('.row');
    try {
      await rows.filter({ hasText: who }).first().click();
      await this.phone(slug).locator('.peer').waitFor();
    } catch (error) {
      const there = (await rows.allInnerTexts()).map((row) => row.replaceAll('\n', ' | ').slice(0, 200));
      throw new Error(`no chat "${who}" on ${slug}; there are:\n${there.join('\n')}`, { cause: error });
    }
  }

  /** What the open chat says, with the name above it. */
  async words(slug: string): Promise<{ name: string; texts: string }> {
    const [name, texts] = await Promise.all([
      this.phone(slug).locator('.peer h2').textContent(),
      this.phone(slug).locator('.messages').textContent(),
    ]);
    return { name: name ?? '', texts: texts ?? '' };
  }

  /** Presses a button below the open chat. */
  async press(slug: string, button: 'Location' | 'Contact card' | 'Sticker'): Promise<void> {
    await this.phone(slug).getByRole('button', { name: button }).click();
  }

  async write(slug: string, who: string, text: string): Promise<void> {
    await this.chat(slug, who);
    await this.type(slug, text);
    await this.send(slug);
  }

  async type(slug: string, text: string): Promise<void> {
    await this.phone(slug).getByLabel('Message').fill(text);
  }

  async reply(slug: string, to: string, text: string): Promise<void> {
    await this.tool(slug, '.theirs', to, 'Reply');
    await this.type(slug, text);
    await this.send(slug);
  }

  async edit(slug: string, mine: string, text: string): Promise<void> {
    await this.tool(slug, '.mine', mine, 'Edit');
    await this.type(slug, text);
    await this.send(slug);
  }

  async recall(slug: string, mine: string): Promise<void> {
    await this.tool(slug, '.mine', mine, 'Recall');
  }

  async react(slug: string, to: string, emoji: string): Promise<void> {
    await this.tool(slug, '.theirs', to, 'React');
    await this.phone(slug).locator('.emoji').getByRole('button', { name: emoji }).click();
  }

  /** Accepts the contact request of the person with whom the owner chats. */
  async accept(slug: string): Promise<void> {
    await this.phone(slug).getByRole('button', { name: 'Accept' }).click();
    await this.phone(slug).locator('.asked').waitFor({ state: 'detached' });
  }

  async sendPicture(slug: string, who: string, path: string): Promise<void> {
    await this.chat(slug, who);
    await this.phone(slug).locator('input[type=file]').setInputFiles(path);
  }

  async recordVoice(slug: string, who: string, ms: number): Promise<void> {
    await this.chat(slug, who);
    await this.phone(slug).getByRole('button', { name: 'Record a voice note' }).click();
    await this.page.waitForTimeout(ms);
    await this.phone(slug).getByRole('button', { name: 'Send the voice note' }).click();
  }

  /** Waits until the phone shows the text in a message of somebody else. */
  async shows(slug: string, text: string): Promise<void> {
    try {
      await this.message(slug, text).waitFor();
    } catch (error) {
      throw new Error(`"${text}" is not on ${slug}, but:\n${await this.everything()}`, { cause: error });
    }
  }

  /** Waits until the phone shows a picture of somebody else, and it is loaded. */
  async showsPicture(slug: string): Promise<Locator> {
    const picture = this.phone(slug).locator('.theirs .media-image img').last();
    await picture.waitFor();
    return picture;
  }

  async showsVoice(slug: string): Promise<Locator> {
    const note = this.phone(slug).locator('.theirs .media-voice').last();
    await note.waitFor();
    return note;
  }

  async showsReaction(slug: string, emoji: string): Promise<void> {
    await this.phone(slug).locator('.reactions', { hasText: emoji }).waitFor();
  }

  /** What all phones on the wall and the ways of the newest messages say; for the error of a test. */
  private async everything(): Promise<string> {
    const parts = await this.page.locator('.phone, .travel').allInnerTexts();
    return parts.map((part) => part.replaceAll(/\s*\n\s*/g, ' | ').slice(-600)).join('\n');
  }

  private message(slug: string, text: string): Locator {
    return this.phone(slug).locator('.theirs', { hasText: text }).last();
  }

  private async send(slug: string): Promise<void> {
    await this.phone(slug).getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** In several steps, as a hand does: a browser that sees one jump may not take it for a drag. */
  private async drag(what: Locator, onto: Locator): Promise<void> {
    await what.hover();
    await this.page.mouse.down();
    const { x = 0, y = 0, width = 0, height = 0 } = (await onto.boundingBox()) ?? {};
    await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 8 });
    await this.page.mouse.up();
  }

  private async tool(slug: string, whose: '.mine' | '.theirs', message: string, name: string): Promise<void> {
    const line = this.phone(slug).locator(whose, { hasText: message }).last();
    await line.hover();
    await line.getByRole('button', { name }).click();
  }
}
