/**
 * A subscriber with a real SIP phone (baresip) calls a subscriber of another network, who has no phone: that person opens the link
 * that their client shows, and the two talk, the phone over plain RTP and the page over WebRTC, joined by Janus.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Baresip, freePort, freePortPair } from '#engines';
import type { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';
import { callEngines, CallExchange } from './support/call-exchange.js';
import { FAKE_DEVICES, hears, microphoneWith } from './support/call-page.js';
import { restart, type App, until } from './support/hub-fixture.js';
import { telephoneHears } from './support/recorded-sound.js';
import { writeTone } from './support/tone.js';

const DOMAIN = 'youxin.localhost';
const BOB = `sip:bob%40localhost@xmpp.${DOMAIN}`;
const PHONE_PLAYS = 440;
const PAGE_PLAYS = 1000;

const engines = await callEngines();
const withEngines = engines ? describe : describe.skip;

let calls: CallExchange;
let adapter: App;
let ann: Baresip;
let bob: XmppPhone;

withEngines('a SIP phone calls a person without one', () => {
  beforeAll(async () => {
    if (!engines) return;
    calls = await CallExchange.open(engines, {
      users: { bob: 'bobpw' },
      devices: [...FAKE_DEVICES, microphoneWith(writeTone(PAGE_PLAYS))],
    });
    const { exchange } = calls;
    const port = await freePort();
    adapter = await exchange.adapter('youxin', 'dist/apps/adapter-sip/src/main.js', {
      SIP_DOMAIN: DOMAIN,
      SIP_HOST: '127.0.0.1',
      SIP_PUBLIC_HOST: '127.0.0.1',
      SIP_PORT: String(port),
      SIP_DIGEST: 'md5',
      SIP_ACCOUNTS: exchange.hub.file('sip-accounts', 'ann annpw Ann'),
    });
    bob = await calls.dial('bob', 'bobpw');
    ann = await Baresip.start({
      ...engines.telephone,
      folder: join(exchange.hub.folder, 'ann'),
      account: {
        user: 'ann',
        domain: DOMAIN,
        password: 'annpw',
        server: `127.0.0.1:${port}`,
        publishes: false,
      },
      plays: PHONE_PLAYS,
      records: true,
      ports: { sip: await freePortPair(), control: await freePort() },
    });
    await ann.says(/\[1 binding/);
  });

  afterAll(async () => {
    await ann?.stop();
    await bob?.hangUp();
    await calls?.close();
  });

  test('each hears the other, bob hangs up on the page, and the record has the seconds', async () => {
    const page = await annCallsBob();
    await hears(page, PHONE_PLAYS);
    await telephoneHears(ann, PAGE_PLAYS);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call has ended.', { exact: true }).waitFor();
    await annIsFree();
    expect(await calls.secondsOf(1, 'youxin', 'xmpp')).toBeGreaterThanOrEqual(1);
  });

  test('ann hangs up on her phone, and bob sees that', async () => {
    const page = await annCallsBob();
    await telephoneHears(ann, PAGE_PLAYS);
    await ann.command('hangup');
    await page.getByText('The other person has hung up.', { exact: true }).waitFor();
    expect(await calls.secondsOf(2, 'youxin', 'xmpp')).toBeGreaterThanOrEqual(1);
  });

  test('the adapter of the phone is killed and starts again: both are hung up on, and the record has the seconds', async () => {
    const page = await annCallsBob();
    await telephoneHears(ann, PAGE_PLAYS);
    await restart(adapter, 'SIGKILL');
    await page.getByText('The other person has hung up.', { exact: true }).waitFor();
    await annIsFree();
    expect(await calls.secondsOf(3, 'youxin', 'xmpp')).toBeGreaterThanOrEqual(1);
  });
});

async function annCallsBob(): Promise<Page> {
  const before = bob.timeline.length;
  await ann.command('dial', BOB);
  const page = await calls.openLink(bob, before);
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.getByText('In the call', { exact: true }).waitFor();
  return page;
}

const annIsFree = () =>
  until('the phone to be free', async () => !(await ann.command('listcalls')).includes('ESTABLISHED'));
