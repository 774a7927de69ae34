/** Recorded messages, and a contact whose person has talked with alice of the network far. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageRef } from '#adapter-kit';
import { addressOf, network, type Address, type EventId, type HubError } from '#protocol';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { WeixinAdapter } from '../weixin.adapter.js';
import { readLossless } from '../weixin.client.js';
import { weixinSettings } from '../weixin.config.js';
import type { Session } from '../weixin.sessions.js';

export type Native = Record<string, unknown> & { item_list: Record<string, unknown>[] };
interface Recorded {
  what: string;
  /** The trace that it must leave. */
  leads: string;
  native: Native;
  /** Part of the draft or record that it must become. */
  becomes: Record<string, unknown>;
  /** The item with which the same content goes to a person. */
  back?: Record<string, unknown>;
}

const FILE = join(import.meta.dirname, '../../fixtures/messages.json');
export const RECORDED = (readLossless(readFileSync(FILE, 'utf8')) as { messages: Recorded[] }).messages;

export const OWNER = 'o9cq80AbCdEfGhIjKlMnOpQrSt@im.wechat';
export const owner = addressOf(network('weixin'), OWNER);
export const alice = 'im:alice@far' as Address;
const QUOTED = `${OWNER}/7494999999999999999`;
const OF_ALICE: MessageRef = {
  id: '0190a5f0-7c00-8000-8000-00000000000a' as EventId,
  author: alice,
  within: { kind: 'direct', between: [alice, owner] },
  native: [QUOTED],
  at: 0,
};

export function sessionOf(person: string): Session {
  const bot = '0123456789ab@im.bot';
  return { person, bot, token: `${bot}:secret`, api: 'http://127.0.0.1:9', pairedAt: 0, cursor: '' };
}

/** Settings of a service that is not there. */
export function closedSettings(more: Record<string, string> = {}) {
  const url = 'http://127.0.0.1:9';
  return weixinSettings.parse({
    WEIXIN_QR_URL: url,
    WEIXIN_API_URL: url,
    WEIXIN_STORE_KEYS: '5a'.repeat(32),
    WEIXIN_GAP_MS: '0',
    ...more,
  });
}

export async function aContact(refuses?: HubError) {
  const double = new HubDouble({ talked: true, refuses, crossed: { [QUOTED]: OF_ALICE } });
  const adapter = new WeixinAdapter(network('weixin'), closedSettings(), double.log);
  await adapter.start(double.hub);
  const traceOf = (native: unknown) => double.traceOf(() => adapter.receive(sessionOf(OWNER), native));
  return { adapter, double, traceOf };
}
