/** Recorded callbacks, and an account whose person has talked with alice of the network far. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hub } from '#adapter-kit';
import { HubError, network } from '#protocol';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { WeiboAdapter } from '../weibo.adapter.js';
import { WeiboClient } from '../weibo.client.js';
import { weiboSettings, type WeiboSettings } from '../weibo.config.js';

export type Form = 'json' | 'xml';

export interface Recorded {
  what: string;
  form: Form;
  /** In the order of the wire: members of the JSON object, or elements of the XML. */
  native: Record<string, unknown>;
  /** The trace that it must leave. */
  leads: string;
  /** The draft that it must become. */
  event?: object;
  /** The text of the message with which the same content goes to a person. */
  back?: string;
}

const FIXTURES = join(import.meta.dirname, '../../fixtures/callbacks.json');
export const { callbacks: RECORDED } = JSON.parse(readFileSync(FIXTURES, 'utf8')) as {
  callbacks: Recorded[];
};

/** As Weibo writes it. Numbers are strings with "n" in front, because JSON of our own would round them. */
export function written(form: Form, native: Record<string, unknown>): string {
  if (form === 'json') return JSON.stringify(native).replaceAll(/"n(\d+)"/g, '$1');
  const elements = Object.entries(native).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return /^\d+$/.test(text) ? `<${name}>${text}</${name}>` : `<${name}><![CDATA[${text}]]></${name}>`;
  });
  return `<xml>\n${elements.join('\n')}\n</xml>`;
}

function closedSettings(format: Form): WeiboSettings {
  const closed = 'http://127.0.0.1:9';
  return weiboSettings.parse({
    WEIBO_APP_SECRET: 'appsecret0',
    WEIBO_ACCESS_TOKEN: '2.00token',
    WEIBO_FORMAT: format,
    WEIBO_API_URL: closed,
    WEIBO_MESSAGES_URL: closed,
    WEIBO_FILES_URL: closed,
  });
}

export interface AccountOptions {
  refuses?: HubError | undefined;
  through?: (hub: Hub) => Hub;
}

/** What the account sends is recorded in `texts`. */
export async function anAccount(form: Form, { refuses, through = (hub) => hub }: AccountOptions = {}) {
  const double = new HubDouble({ talked: true, sends: true, refuses });
  const settings = closedSettings(form);
  const texts: { to: string; text: string }[] = [];
  const client = new WeiboClient(settings);
  client.sendText = (to, text) => Promise.resolve(void texts.push({ to, text }));
  client.setFormat = () => Promise.resolve({ error_code: undefined });
  const adapter = new WeiboAdapter(network('weibo'), settings, double.log, client);
  await adapter.start(through(double.hub));
  const take = (native: string) => adapter.callback({ native, encrypted: false });
  /** @returns what became of a callback */
  const traceOf = (native: string) => double.traceOf(async () => void (await take(native)));
  return { adapter, double, texts, take, traceOf };
}
