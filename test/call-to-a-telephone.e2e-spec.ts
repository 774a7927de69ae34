/**
 * A person calls a telephone from an XMPP client: the client shows a link, the call page in a real browser connects through Janus,
 * a SIP trunk (baresip) answers with a tone, and clearing counts the seconds.
 */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import {
  Baresip,
  findBaresip,
  findChromium,
  findJanus,
  freePort,
  freePortPair,
  janus,
  type BaresipPaths,
  type Child,
} from '#engines';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';
import { telAddress, type E164 } from '#protocol';
import { amount } from './support/amounts.js';
import { launchBrowser } from './support/browser.js';
import { engineOrSkip } from './support/engines.js';
import { ExchangeFixture } from './support/exchange-fixture.js';
import { until } from './support/hub-fixture.js';
import { prosodyOrSkip, startProsody, type RunningProsody } from './support/prosody.js';
import { FAKE_DEVICES, hears } from './support/call-page.js';

const NUMBER = '+8613900000001' as E164;
/** What baresip plays. */
const TONE_HERTZ = 440;
const TALK_SECONDS = amount({ test: 2, torture: 30 });
const KEY = 'a key of at least thirty-two characters';
const JANUS_SECRET = 'a secret of Janus in tests';
const DOMAIN = 'hub.localhost';

const engines = {
  xmpp: await prosodyOrSkip(),
  janus: await engineOrSkip('Janus', findJanus),
  browser: await engineOrSkip('Chromium', findChromium),
  telephone: await engineOrSkip('baresip', findBaresip),
};
const withEngines = Object.values(engines).every((engine) => engine !== undefined) ? describe : describe.skip;

let exchange: ExchangeFixture;
let prosody: RunningProsody;
let media: Child;
let telephone: Baresip;
let browser: Browser;
let ann: XmppPhone;

withEngines('a call to a number without an app', () => {
  beforeAll(async () => {
    [exchange, browser] = await Promise.all([
      ExchangeFixture.open(),
      launchBrowser(engines.browser?.chromium, FAKE_DEVICES),
    ]);
    const { hub } = exchange;
    const callPages = { port: await freePort(), janus: await freePort() };
    await hub.switch();
    const [, , trunk] = await Promise.all([openClearing(), openMedia(callPages), openTelephone()]);
    prosody = await startProsody(
      {
        root: engines.xmpp?.root ?? '',
        folder: join(hub.folder, 'prosody'),
        domain: 'localhost',
        components: [`tel.${DOMAIN}`, `youxin.${DOMAIN}`],
        secret: 'component-secret',
      },
      { ann: 'annpw' },
    );
    await exchange.adapter('xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
      XMPP_COMPONENT_PORTS: `tel:${prosody.componentPort},youxin:${prosody.componentPort}`,
      XMPP_COMPONENT_DOMAIN: DOMAIN,
      XMPP_COMPONENT_SECRET: 'component-secret',
      XMPP_SERVER_DOMAIN: 'localhost',
    });
    await exchange.adapter('youxin', 'dist/apps/adapter-sip/src/main.js', {
      SIP_DOMAIN: 'youxin.localhost',
      SIP_HOST: '127.0.0.1',
      SIP_PUBLIC_HOST: '127.0.0.1',
      SIP_PORT: String(await freePort()),
      SIP_ACCOUNTS: hub.file('sip-accounts', ''),
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(trunk),
      SIP_TRUNK_CALLS: '10',
    });
    const terms = { kind: 'voice', key: '86', network: 'youxin' };
    const proposed = await exchange.api<{ id: string }>('POST', '/v1/routes', { terms, reason: 'a test' });
    expect(await exchange.approve(proposed.body.id)).toBe(200);
    ann = await XmppPhone.dial({
      host: '127.0.0.1',
      port: prosody.c2sPort,
      domain: 'localhost',
      user: 'ann',
      password: 'annpw',
    });
  });

  afterAll(async () => {
    await browser?.close();
    await ann?.hangUp();
    await exchange?.close();
    await Promise.all([telephone?.stop(), media?.stop(), prosody?.server.stop()]);
  });

  test('ann hears the telephone, hangs up on the page, and the record has the seconds', async () => {
    const page = await annCalls();
    await hears(page, TONE_HERTZ);
    await talk();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call has ended.', { exact: true }).waitFor();
    await until('the telephone to be free', async () => !(await isInCall()));
    expect(await secondsOf(1)).toBeGreaterThanOrEqual(TALK_SECONDS);
  });

  test('the telephone hangs up, and ann sees that', async () => {
    const page = await annCalls();
    await hears(page, TONE_HERTZ);
    await telephone.command('hangup');
    await page.getByText('The other person has hung up.', { exact: true }).waitFor();
    expect(await secondsOf(2)).toBeGreaterThanOrEqual(1);
  });
});

/** She calls in her client, gets a link, and opens it. */
async function annCalls(): Promise<Page> {
  const before = ann.timeline.length;
  await ann.ring(ghostJid(telAddress(NUMBER), DOMAIN).jid);
  const link = () =>
    ann.timeline
      .slice(before)
      .map(({ text = '' }) => /http\S+\/call\/\S+/.exec(text)?.[0])
      .find((found) => found !== undefined);
  await until('the link', () => link() !== undefined);
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  await page.goto(link() ?? '');
  await page.getByRole('button', { name: 'Call' }).click();
  await page.getByText('In the call', { exact: true }).waitFor();
  return page;
}

/** Not a wait for something: the talk itself. */
const talk = () => new Promise((resolve) => setTimeout(resolve, TALK_SECONDS * 1000));

async function isInCall(): Promise<boolean> {
  return (await telephone.command('listcalls')).includes('ESTABLISHED');
}

/** @returns the seconds of the n-th call that clearing has counted */
async function secondsOf(nth: number): Promise<number> {
  const records = async () => {
    const { rows } = await exchange.sql.query<{ units: string }>(
      `SELECT units FROM detail_record WHERE class = 'call' AND business_date IS NOT NULL AND from_network = 'xmpp'
         AND to_network = 'youxin' AND call_end = 'ended' ORDER BY accepted_at`,
    );
    return rows;
  };
  await until(`the record of call ${nth}`, async () => (await records()).length >= nth);
  return Number((await records())[nth - 1]?.units);
}

async function openClearing(): Promise<void> {
  const { hub, sqlUrl } = exchange;
  await hub.app('clearing', 'dist/apps/clearing/src/main.js', {
    NATS_CREDS: hub.credentials('clearing', await hub.authority.hubCredentials('clearing')),
    DATABASE_URL: sqlUrl,
    CLEARING_PARTY_KEY: KEY,
  });
}

async function openMedia(ports: { port: number; janus: number }): Promise<void> {
  const { hub } = exchange;
  if (!engines.janus) throw new Error('no Janus');
  media = janus({
    ...engines.janus,
    folder: join(hub.folder, 'janus'),
    port: ports.janus,
    secret: JANUS_SECRET,
    ports: { rtp: [20_000, 24_000], browsers: [24_002, 28_000] },
  });
  await media.start();
  await hub.app('media-gateway', 'dist/apps/media-gateway/src/main.js', {
    HTTP_PORT: String(ports.port),
    NATS_CREDS: hub.credentials('media-gateway', await hub.authority.mediaGatewayCredentials()),
    MEDIA_LINK_KEY: KEY,
    MEDIA_LINK_URL: `http://127.0.0.1:${ports.port}`,
    JANUS_URL: `ws://127.0.0.1:${ports.janus}`,
    JANUS_SECRET,
    CALL_PRIVATE_ADDRESSES: '1',
  });
}

/** The trunk, with a telephone that accepts every call. @returns its port */
async function openTelephone(): Promise<number> {
  const sip = await freePortPair();
  telephone = await Baresip.start({
    ...(engines.telephone as BaresipPaths),
    folder: join(exchange.hub.folder, 'telephone'),
    account: {
      user: NUMBER,
      domain: '127.0.0.1',
      password: 'unused',
      server: `127.0.0.1:${sip}`,
      interval: 0,
      publishes: false,
      answers: true,
    },
    ports: { sip, control: await freePort() },
  });
  return sip;
}
