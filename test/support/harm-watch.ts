/** Notes what a page does that nothing which people write may make it do. */
import type { Page } from 'playwright-core';

/** Scripts of hostile texts set it: the page tells on its console, also when it is left at once. */
const TRAP = `Object.defineProperty(window, 'harmed', { set: () => console.error('a hostile script ran') });`;
/** A request that was answered with an error is no harm. */
const ANSWERED = /^Failed to load resource/;

export class HarmWatch {
  /** Scripts that ran or failed, refusals of the content security policy, requests to other hosts, and windows. */
  readonly harms: string[] = [];

  private constructor() {}

  /** Call it before the page is opened. @param origin where its own requests go */
  static async on(page: Page, origin: string): Promise<HarmWatch> {
    const watch = new HarmWatch();
    const note = (what: string) => watch.harms.push(what);
    await page.addInitScript(TRAP);
    page.on('pageerror', (error) => note(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !ANSWERED.test(message.text())) note(message.text());
    });
    page.on('request', (request) => {
      const url = request.url();
      if (new URL(url).origin !== origin && !/^(blob|data):/.test(url)) note(`request to ${url}`);
    });
    page.on('popup', (popup) => note(`window of ${popup.url()}`));
    return watch;
  }
}
