/**
 * A person calls a telephone from an XMPP client: the client shows a link, the call page in a real browser connects through Janus,
 * a SIP trunk (baresip) answers with a tone, and clearing counts the seconds.
 */
import { join } from 'node:path';
import { xml } from '@xmpp/client';
import type { Page } from 'playwright-core';
import { Baresip, freePort, freePortPair, type BaresipPaths } from '#engines';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import type { XmppPhone } from '../apps/adapter-xmpp/phone/xmpp.phone.js';
import { telAddress, type E164 } from '#protocol';
import { amount } from './support/amounts.js';
import { CALL_DOMAIN, callEngines, CallExchange } from './support/call-exchange.js';
import { FAKE_DEVICES, hears } from './support/call-page.js';
import { until } from './support/hub-fixture.js';

const NUMBER = '+8613900000001' as E164;
const DISCO_INFO = 'http://jabber.org/protocol/disco#info';
/** What baresip plays. */
const TONE_HERTZ = 440;
const TALK_SECONDS = amount({ test: 2, torture: 30 });

const engines = await callEngines();
const withEngines = engines ? describe : describe.skip;

let calls: CallExchange;
let telephone: Baresip;
let ann: XmppPhone;

withEngines('a call to a number without an app', () => {
  beforeAll(async () => {
    if (!engines) return;
    calls = await CallExchange.open(engines, {
      users: { ann: 'annpw' },
      devices: FAKE_DEVICES,
    });
    const { exchange } = calls;
    const trunk = await openTelephone(engines.telephone);
    await exchange.adapter('youxin', 'dist/apps/adapter-sip/src/main.js', {
      SIP_DOMAIN: 'youxin.localhost',
      SIP_HOST: '127.0.0.1',
      SIP_PUBLIC_HOST: '127.0.0.1',
      SIP_PORT: String(await freePort()),
      SIP_ACCOUNTS: exchange.hub.file('sip-accounts', ''),
      SIP_TRUNK_HOST: '127.0.0.1',
      SIP_TRUNK_PORT: String(trunk),
      SIP_TRUNK_CALLS: '10',
    });
    const terms = { kind: 'voice', key: '86', network: 'youxin' };
    const proposed = await exchange.api<{ id: string }>('POST', '/v1/routes', { terms, reason: 'a test' });
    expect(await exchange.approve(proposed.body.id)).toBe(200);
    ann = await calls.dial('ann', 'annpw');
  });

  afterAll(async () => {
    await ann?.hangUp();
    await calls?.close();
    await telephone?.stop();
  });

  test('the number is a contact of ann, and her client offers a call', async () => {
    const number = ghostJid(telAddress(NUMBER), CALL_DOMAIN).jid;
    await ann.subscription(number, 'subscribe');
    await until('the number to appear', () =>
      ann.timeline.some(
        ({ from, kind, state }) => from === number && kind === 'presence' && state === 'available',
      ),
    );
    const answer = await ann.ask(`${number}/hutong`, xml('query', { xmlns: DISCO_INFO }));
    const features = answer.getChild('query', DISCO_INFO)?.getChildren('feature');
    expect(features?.map(({ attrs }) => String(attrs['var']))).toContain('urn:xmpp:jingle-message:0');
  });

  test('ann hears the telephone, hangs up on the page, and the record has the seconds', async () => {
    const page = await annCalls();
    await hears(page, TONE_HERTZ);
    await talk();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('The call has ended.', { exact: true }).waitFor();
    await until('the telephone to be free', async () => !(await isInCall()));
    expect(await calls.secondsOf(1, 'xmpp', 'youxin')).toBeGreaterThanOrEqual(TALK_SECONDS);
  });

  test('the telephone hangs up, and ann sees that', async () => {
    const page = await annCalls();
    await hears(page, TONE_HERTZ);
    await telephone.command('hangup');
    await page.getByText('The other person has hung up.', { exact: true }).waitFor();
    expect(await calls.secondsOf(2, 'xmpp', 'youxin')).toBeGreaterThanOrEqual(1);
  });
});

/** She calls in her client, gets a link, and opens it. */
async function annCalls(): Promise<Page> {
  const before = ann.timeline.length;
  await ann.ring(ghostJid(telAddress(NUMBER), CALL_DOMAIN).jid);
  const page = await calls.openLink(ann, before);
  await page.getByRole('button', { name: 'Call' }).click();
  await page.getByText('In the call', { exact: true }).waitFor();
  return page;
}

/** Not a wait for something: the talk itself. */
const talk = () => new Promise((resolve) => setTimeout(resolve, TALK_SECONDS * 1000));

async function isInCall(): Promise<boolean> {
  return (await telephone.command('listcalls')).includes('ESTABLISHED');
}

/** The trunk, with a telephone that accepts every call. @returns its port */
async function openTelephone(paths: BaresipPaths): Promise<number> {
  const sip = await freePortPair();
  telephone = await Baresip.start({
    ...paths,
    folder: join(calls.exchange.hub.folder, 'telephone'),
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
