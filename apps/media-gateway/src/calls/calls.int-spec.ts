/** Calls on real call pages in a real browser, through a real Janus, with the bus credentials of production. */
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { answer, ask } from '#bus';
import { findChromium, findJanus, freePort, janus, type Child } from '#engines';
import type { RunningApp } from '#hub-process';
import {
  errorReply,
  GatewaySignal,
  requests,
  type CallCommand,
  type CallSignal,
  type EventId,
} from '#protocol';
import { launchBrowser } from '../../../../test/support/browser.js';
import { FAKE_DEVICES, hears } from '../../../../test/support/call-page.js';
import { inaccessible } from '../../../../test/support/accessibility.js';
import { engineOrSkip } from '../../../../test/support/engines.js';
import { HubFixture, quiet, until } from '../../../../test/support/hub-fixture.js';
import { RtpPeer, sessionAt } from '../../../../test/support/rtp-peer.js';
import { startMediaGateway } from '../media-gateway.app.js';
import { mediaGatewaySettings } from '../media-gateway.config.js';
import { CLOSED, MOST_MESSAGE_BYTES } from './page-messages.js';

const SECRET = 'a secret of Janus in tests';

const [engine, chromium] = [
  await engineOrSkip('Janus', findJanus),
  await engineOrSkip('Chromium', findChromium),
];
const withEngines = engine && chromium ? describe : describe.skip;

let hub: HubFixture;
let media: Child;
let gateway: RunningApp;
let browser: Browser;
let context: BrowserContext;
let janusPort: number;
let calls = 0;
const signals: { network: string; signal: CallSignal }[] = [];

withEngines('a call page', () => {
  beforeAll(async () => {
    const port = await freePort();
    [hub, browser] = await Promise.all([HubFixture.open(), launchBrowser(chromium?.chromium, FAKE_DEVICES)]);
    context = await browser.newContext({ locale: 'en-GB' });
    janusPort = await freePort();
    media = await startJanus();
    gateway = await startGateway(port);
    await answer(
      hub.link,
      requests.gatewaySignal().subject,
      (body) => {
        signals.push(GatewaySignal.parse(body));
        return Promise.resolve({ code: '00' });
      },
      errorReply,
    );
    await until('Janus to be reached', async () => (await open('caller')) !== undefined);
  });

  afterAll(async () => {
    await browser?.close();
    await gateway?.close();
    await media?.stop();
    await hub?.close();
  });

  beforeEach(() => {
    signals.length = 0;
  });

  afterEach(() => Promise.all(context.pages().map((page) => page.close())));

  describe('with a telephone of plain RTP', () => {
    test('a caller with a camera and a telephone without hear each other, and the caller hangs up', async () => {
      const call = newCall();
      const page = await opened(call, 'caller', { media: 'video' });
      await sees(page, 'Video call with Ann <b>');
      expect(await inaccessible(page)).toEqual([]);
      await page.getByRole('button', { name: 'Call' }).click();
      const { session = '' } = await signal(call, 'invite');
      await tell(call, 'caller', 'ringing');
      await sees(page, 'Ringing …');
      const telephone = await RtpPeer.open(440);
      telephone.play(session);
      expect(session).toMatch(/^m=audio [^]*^m=video /m);
      await tell(call, 'caller', 'accepted', `${telephone.session}m=video 0 RTP/AVP 96\r\n`);
      await sees(page, 'In the call');
      await hears(page, 440);
      await until('the telephone to hear', () => telephone.heard > 20);

      await page.getByRole('button', { name: 'Hang up' }).click();
      await sees(page, 'The call has ended.');
      await signal(call, 'ended');
      await telephone.close();
    });

    test('the callee without a camera answers a telephone with one, in Chinese, and the other side hangs up', async () => {
      const call = newCall();
      const telephone = await RtpPeer.open(1000);
      const offer = `${telephone.session}m=video 40002 RTP/AVP 96\r\na=rtpmap:96 VP8/90000\r\n`;
      const page = await opened(call, 'callee', { offer, language: 'zh' });
      await sees(page, 'Ann <b>来电');
      await page.getByRole('button', { name: '接听' }).click();
      const { session = '' } = await signal(call, 'accepted');
      telephone.play(session);
      await sees(page, '通话中');
      await hears(page, 1000);
      await until('the telephone to hear', () => telephone.heard > 20);

      await tell(call, 'callee', 'ended');
      await sees(page, '对方已挂断。');
      await telephone.close();
    });
  });

  test('two pages talk with each other', async () => {
    const call = newCall();
    const caller = await opened(call, 'caller', { media: 'video' });
    await caller.getByRole('button', { name: 'Call' }).click();
    const { session: offer = '' } = await signal(call, 'invite');
    const callee = await opened(call, 'callee', { media: 'video', offer });
    await callee.getByRole('button', { name: 'Answer' }).click();
    const { session } = await signal(call, 'accepted');
    await tell(call, 'caller', 'accepted', session);
    for (const page of [caller, callee]) {
      await sees(page, 'In the call');
      await hears(page);
      await watches(page);
    }

    await callee.getByRole('button', { name: 'Hang up' }).click();
    expect((await signal(call, 'ended')).side).toBe('callee');
    await tell(call, 'caller', 'ended');
    await sees(caller, 'The other person has hung up.');
  });

  test('the callee declines, and the link is of no use any more', async () => {
    const call = newCall();
    const page = await opened(call, 'callee', { offer: sessionAt(40_000) });
    await page.getByRole('button', { name: 'Decline' }).click();
    await sees(page, 'You declined the call.');
    await signal(call, 'declined');
    await page.reload();
    await sees(page, 'This call is over, or the link is wrong.');
  });

  test('an answer that names another port of another machine ends the call where the person sees it', async () => {
    const call = newCall();
    const page = await opened(call, 'caller');
    await page.getByRole('button', { name: 'Call' }).click();
    await signal(call, 'invite');
    await tell(call, 'caller', 'accepted', sessionAt(40_000, '224.0.0.1'));
    await sees(page, 'The call was refused: the other side named an address that is not allowed.');
    await signal(call, 'ended');
  });

  test('an offer that is not allowed opens no page', async () => {
    const offer = sessionAt(40_000, '0.0.0.0');
    await expect(open('callee', { offer })).rejects.toMatchObject({
      code: '30',
      detail: 'offer: refused: the address 0.0.0.0',
    });
    await expect(open('callee')).rejects.toMatchObject({ code: '30' });
  });

  test('the same command again gives the same link, and another network cannot touch the page', async () => {
    const call = newCall();
    const url = await open('caller', { call });
    expect(await open('caller', { call })).toBe(url);
    const told = { do: 'tell', call, side: 'caller', action: 'cancelled' } as const;
    await ask(hub.link, requests.gatewayCommand(), { network: 'south', command: told });
    expect(await open('caller', { call })).toBe(url);
    await tell(call, 'caller', 'cancelled');
    expect((await fetch(url ?? '')).status).toBe(404);
    await expect(tell(call, 'caller', 'accepted', sessionAt(40_000))).rejects.toMatchObject({
      code: '14',
    });
  });

  test('answers of the page allow nothing but its own script, and a microphone', async () => {
    const url = (await open('caller')) ?? '';
    const { status, headers } = await fetch(url);
    expect([status, Object.fromEntries(headers)]).toMatchObject([
      200,
      {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/) as string,
        'permissions-policy': 'microphone=(self), camera=(self)',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      },
    ]);
    expect((await fetch(url.replace(/[^/]+$/, 'A'.repeat(22)))).status).toBe(404);
  });

  describe('its WebSocket', () => {
    let url: string;
    beforeEach(async () => {
      url = (await open('caller')) ?? '';
    });

    test('is closed for a wrong token, and for a second browser', async () => {
      expect(await closeCode(dial(url.replace(/[^/]+$/, 'A'.repeat(22))))).toBe(CLOSED.gone);
      const first = dial(url);
      await once(first, 'message');
      expect(await closeCode(dial(url, 'b'.repeat(16)))).toBe(CLOSED.elsewhere);
      first.close();
    });

    test.each<[what: string, message: string, code: number]>([
      ['too large', JSON.stringify({ do: 'call', sdp: 'v'.repeat(MOST_MESSAGE_BYTES) }), 1009],
      ['no JSON', 'hello', CLOSED.refused],
      ['of no kind', '{"do":"record"}', CLOSED.refused],
      ['with more than belongs to it', '{"do":"accept","as":"admin"}', CLOSED.refused],
    ])('is closed after a message that is %s', async (_, message, code) => {
      const socket = dial(url);
      await once(socket, 'message');
      socket.send(message);
      expect(await closeCode(socket)).toBe(code);
    });

    test.each(['/call/x/socket', '/call/x/socket?browser=short', '/m/x/socket', '/'])(
      'is not at %s',
      async (path) => {
        const socket = new WebSocket(new URL(path, url.replace('http', 'ws')));
        const [error] = (await once(socket, 'error').catch((error: unknown) => [error])) as [Error];
        expect(error.message).toMatch(/404|503/);
      },
    );
  });

  // Last: it ends every call.
  test('when Janus crashes its calls end, and after its restart there are new ones', async () => {
    const call = newCall();
    const page = await opened(call, 'caller');
    await page.getByRole('button', { name: 'Call' }).click();
    await signal(call, 'invite');
    await media.crash();
    await sees(page, 'The call could not be connected.');
    await signal(call, 'cancelled');
    expect(await open('caller')).toBeUndefined();
    await media.start();
    await until('Janus to be reached again', async () => (await open('caller')) !== undefined);
  });
});

function dial(url: string, browser = 'a'.repeat(16)): WebSocket {
  return new WebSocket(`${url.replace('http', 'ws')}/socket?browser=${browser}`);
}

async function closeCode(socket: WebSocket): Promise<number> {
  const [code] = (await once(socket, 'close')) as [number];
  return code;
}

function newCall(): EventId {
  return `call-number-${++calls}` as EventId;
}

type Open = Extract<CallCommand, { do: 'open' }>;

/** @returns the join link */
async function open(side: Open['side'], more: Partial<Open> = {}): Promise<string | undefined> {
  const command: Open = {
    do: 'open',
    call: newCall(),
    side,
    media: 'voice',
    peer: 'Ann <b>',
    language: 'en',
    ...more,
  };
  const { url } = await ask(hub.link, requests.gatewayCommand(), { network: 'north', command });
  return url;
}

async function opened(call: EventId, side: Open['side'], more: Partial<Open> = {}): Promise<Page> {
  const url = await open(side, { call, ...more });
  const page = await context.newPage();
  await page.goto(url ?? '');
  return page;
}

async function tell(
  call: EventId,
  side: Open['side'],
  action: Extract<CallCommand, { do: 'tell' }>['action'],
  session?: string,
): Promise<void> {
  const command: CallCommand = { do: 'tell', call, side, action, ...(session ? { session } : {}) };
  await ask(hub.link, requests.gatewayCommand(), { network: 'north', command });
}

async function signal(call: EventId, action: CallSignal['action']): Promise<CallSignal> {
  const find = () => signals.find(({ signal }) => signal.call === call && signal.action === action);
  await until(`the signal ${action}, not ${JSON.stringify(signals)}`, () => find() !== undefined);
  expect(find()?.network).toBe('north');
  return find()?.signal as CallSignal;
}

async function sees(page: Page, text: string): Promise<void> {
  await page.getByText(text, { exact: true }).waitFor();
}

async function watches(page: Page): Promise<void> {
  await until('the page to show a picture', () =>
    page.evaluate<boolean>(`document.getElementById('theirs').videoWidth > 0`),
  );
}

async function startJanus(): Promise<Child> {
  if (!engine) throw new Error('no Janus');
  const child = janus({
    ...engine,
    folder: join(hub.folder, 'janus'),
    port: janusPort,
    secret: SECRET,
    ports: { rtp: [20_000, 24_000], browsers: [24_002, 28_000] },
  });
  await child.start();
  return child;
}

async function startGateway(port: number): Promise<RunningApp> {
  const settings = mediaGatewaySettings.parse({
    HTTP_PORT: port,
    NATS_URL: hub.natsUrl,
    NATS_CREDS: hub.credentials('media-gateway', await hub.authority.mediaGatewayCredentials()),
    MEDIA_LINK_KEY: 'a key of at least thirty-two characters',
    MEDIA_LINK_URL: `http://127.0.0.1:${port}`,
    JANUS_URL: `ws://127.0.0.1:${janusPort}`,
    JANUS_SECRET: SECRET,
    CALL_PRIVATE_ADDRESSES: '1',
  });
  return startMediaGateway({
    settings,
    log: quiet,
    onRefusal: (why) => {
      throw why;
    },
  });
}
