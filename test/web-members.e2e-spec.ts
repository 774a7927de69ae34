/** The web console in a real browser: plays that change networks, need live ones, or count everything there is. */
import { findChromium } from '#engines';
import { launchBrowser } from './support/browser.js';
import { ConsolePage } from './support/console-page.js';
import { engineOrSkip } from './support/engines.js';
import { changePlays } from './web/changes.plays.js';
import { livePlays } from './web/live.plays.js';
import { memberPlays } from './web/members.plays.js';
import { moneyPlays } from './web/money.plays.js';
import { FIRST, openHouse, type Stage } from './web/stage.js';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('the web console', () => {
  let opened: Stage;
  const stage = () => opened;

  beforeAll(async () => {
    const [browser, house] = await Promise.all([launchBrowser(program?.chromium), openHouse()]);
    opened = { browser, house, admin: await ConsolePage.signIn(browser, house.url, FIRST) };
  });
  afterAll(async () => {
    await opened?.browser.close();
    await opened?.house.close();
  });

  // On the console that they share.
  describe('changes', () => changePlays(stage));
  describe('members', () => memberPlays(stage));

  // On a console of their own.
  describe('money', () => moneyPlays(stage));
  describe('pages that are open', () => livePlays(stage));
});
