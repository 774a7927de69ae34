/** A whole exchange with clearing, Janus, a media gateway with call pages, people with XMPP clients, and a real browser. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findBaresip, findChromium, findJanus, freePort, janus, type Child } from '#engines';
import { XmppPhone } from '../../apps/adapter-xmpp/phone/xmpp.phone.js';
import { launchBrowser } from './browser.js';
import { engineOrSkip } from './engines.js';
import { ExchangeFixture } from './exchange-fixture.js';
import { until } from './hub-fixture.js';
import { prosodyOrSkip, startProsody, type RunningProsody } from './prosody.js';

const KEY = 'a key of at least thirty-two characters';
const JANUS_SECRET = 'a secret of Janus in tests';
/** Of the components of the XMPP server: `youxin.<domain>`. */
export const CALL_DOMAIN = 'hub.localhost';

/** Subdomains: networks of which the XMPP server has people. */
const COMPONENTS = ['tel', 'youxin'];

/** What a call between a telephone and a page needs. @returns undefined: one of them is missing, which was said */
export async function callEngines() {
  const xmpp = await prosodyOrSkip();
  const media = await engineOrSkip('Janus', findJanus);
  const browser = await engineOrSkip('Chromium', findChromium);
  const telephone = await engineOrSkip('baresip', findBaresip);
  return xmpp && media && browser && telephone ? { xmpp, media, browser, telephone } : undefined;
}
export type CallEngines = NonNullable<Awaited<ReturnType<typeof callEngines>>>;

export interface CallExchangeOptions {
  /** Users of the XMPP server and their passwords. */
  users: Record<string, string>;
  /** Words for Chromium. */
  devices: readonly string[];
}

export class CallExchange {
  private constructor(
    readonly exchange: ExchangeFixture,
    private readonly browser: Browser,
    private readonly prosody: RunningProsody,
    private readonly media: Child,
  ) {}

  static async open(engines: CallEngines, options: CallExchangeOptions): Promise<CallExchange> {
    const { users, devices } = options;
    const [exchange, browser] = await Promise.all([
      ExchangeFixture.open(),
      launchBrowser(engines.browser.chromium, [...devices]),
    ]);
    const { hub } = exchange;
    await hub.switch();
    const [media, prosody] = await Promise.all([
      openMedia(exchange, engines),
      startProsody(
        {
          root: engines.xmpp.root,
          folder: join(hub.folder, 'prosody'),
          domain: 'localhost',
          components: COMPONENTS.map((name) => `${name}.${CALL_DOMAIN}`),
          secret: 'component-secret',
        },
        users,
      ),
      openClearing(exchange),
    ]);
    await exchange.adapter('xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
      XMPP_COMPONENT_PORTS: COMPONENTS.map((name) => `${name}:${prosody.componentPort}`).join(','),
      XMPP_COMPONENT_DOMAIN: CALL_DOMAIN,
      XMPP_COMPONENT_SECRET: 'component-secret',
      XMPP_SERVER_DOMAIN: 'localhost',
    });
    return new CallExchange(exchange, browser, prosody, media);
  }

  /** The XMPP client of a person. */
  dial(user: string, password: string): Promise<XmppPhone> {
    const { c2sPort: port } = this.prosody;
    return XmppPhone.dial({ host: '127.0.0.1', port, domain: 'localhost', user, password });
  }

  /** The person opens the link that their client shows since `before`. */
  async openLink(phone: XmppPhone, before: number): Promise<Page> {
    const link = () =>
      phone.timeline
        .slice(before)
        .map(({ text = '' }) => /http\S+\/call\/\S+/.exec(text)?.[0])
        .find((found) => found !== undefined);
    await until('the link', () => link() !== undefined);
    const context = await this.browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(link() ?? '');
    return page;
  }

  /** @returns the seconds of the n-th call between these networks that clearing has counted */
  async secondsOf(nth: number, from: string, to: string): Promise<number> {
    const records = async () => {
      const { rows } = await this.exchange.sql.query<{ units: string }>(
        `SELECT units FROM detail_record WHERE class = 'call' AND business_date IS NOT NULL AND from_network = $1
           AND to_network = $2 AND call_end = 'ended' ORDER BY accepted_at`,
        [from, to],
      );
      return rows;
    };
    await until(`the record of call ${nth}`, async () => (await records()).length >= nth);
    return Number((await records())[nth - 1]?.units);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.exchange.close();
    await Promise.all([this.media.stop(), this.prosody.server.stop()]);
  }
}

async function openClearing({ hub, sqlUrl }: ExchangeFixture): Promise<void> {
  await hub.app('clearing', 'dist/apps/clearing/src/main.js', {
    NATS_CREDS: hub.credentials('clearing', await hub.authority.hubCredentials('clearing')),
    DATABASE_URL: sqlUrl,
    CLEARING_PARTY_KEY: KEY,
  });
}

async function openMedia({ hub }: ExchangeFixture, engines: CallEngines): Promise<Child> {
  const ports = { page: await freePort(), janus: await freePort() };
  const media = janus({
    ...engines.media,
    folder: join(hub.folder, 'janus'),
    port: ports.janus,
    secret: JANUS_SECRET,
    ports: { rtp: [20_000, 24_000], browsers: [24_002, 28_000] },
  });
  await media.start();
  await hub.app('media-gateway', 'dist/apps/media-gateway/src/main.js', {
    HTTP_PORT: String(ports.page),
    NATS_CREDS: hub.credentials('media-gateway', await hub.authority.mediaGatewayCredentials()),
    MEDIA_LINK_KEY: KEY,
    MEDIA_LINK_URL: `http://127.0.0.1:${ports.page}`,
    JANUS_URL: `ws://127.0.0.1:${ports.janus}`,
    JANUS_SECRET,
    CALL_PRIVATE_ADDRESSES: '1',
  });
  return media;
}
