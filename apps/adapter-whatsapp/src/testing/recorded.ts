/** Recorded webhooks, and an account whose person has talked with alice of the network far. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageRef } from '#adapter-kit';
import { network, type Address, type EventId, type HubError } from '#protocol';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { WhatsAppAdapter } from '../whatsapp.adapter.js';
import { WhatsAppClient } from '../whatsapp.client.js';
import { closedSettings } from './closed-account.js';

interface Recorded {
  what: string;
  /** The trace that it must leave. */
  leads: string;
  told: { messages?: Record<string, unknown>[]; statuses?: Record<string, unknown>[] };
  /** Part of the draft, outcome or record that it must become. */
  becomes: Record<string, unknown>;
  /** Part of the request with which the same content goes to a person. */
  back?: Record<string, unknown>;
}

export const RECORDED = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/webhooks.json'), 'utf8')) as {
    webhooks: Recorded[];
  }
).webhooks;

export const alice = 'im:alice@far' as Address;
export const amira = 'im:12025550143@whatsapp' as Address;
export const OF_ALICE: MessageRef = {
  id: '0190a5f0-7c00-8000-8000-00000000000a' as EventId,
  author: alice,
  within: { kind: 'direct', between: [alice, amira] },
  native: ['wamid.of-alice'],
  at: 0,
};

/** @param sends what is sent at most once goes to the API, which records it */
export function anAccount(refuses?: HubError, sends = false) {
  const double = new HubDouble({ talked: true, sends, refuses, crossed: { 'wamid.of-alice': OF_ALICE } });
  const settings = closedSettings();
  /** Bodies of requests to the API. */
  const requests: Record<string, unknown>[] = [];
  const client = new WhatsAppClient(settings);
  client.send = (message) => Promise.resolve([`wamid.${requests.push({ ...message })}`]);
  client.setState = (message) => {
    requests.push({ ...message });
    return Promise.resolve({ messages: [] });
  };
  const adapter = new WhatsAppAdapter(network('whatsapp'), settings, double.log, client);
  void adapter.start(double.hub);
  const take = (json: unknown) => adapter.webhook({ native: JSON.stringify(json) ?? '', json });
  return { adapter, double, requests, take, traceOf: (json: unknown) => double.traceOf(() => take(json)) };
}
