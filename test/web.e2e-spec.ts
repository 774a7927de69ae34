/**
 * The web console in a real browser: what is played on a console with everything set up. The plays stand in test/web, one file for
 * each part of the console; docs/testing.md says how one is added. They share a browser and a console, because a file with engines
 * and a browser of its own costs 8 s of CPU time.
 */
import { findChromium } from '#engines';
import { engineOrSkip } from './support/engines.js';
import { findPlays } from './web/find.plays.js';
import { screenPlays } from './web/screens.plays.js';
import { settingsPlays } from './web/settings.plays.js';
import { signOnPlays } from './web/sign-on.plays.js';
import { WebStage } from './web/stage.js';

const program = await engineOrSkip('Chromium', findChromium);
const inBrowser = program ? describe : describe.skip;

inBrowser('the web console', () => {
  let opened: WebStage;
  const stage = () => opened;

  beforeAll(async () => {
    opened = await WebStage.open(program?.chromium);
  });
  afterAll(() => opened?.close());

  describe('sign-in with the organisation', () => signOnPlays(stage));
  describe('screens', () => screenPlays(stage));
  describe('settings, risk and audit', () => settingsPlays(stage));
  describe('find', () => findPlays(stage));
});
