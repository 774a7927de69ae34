/** A bot with the real adapter on a hub in memory, and what bots were recorded to ask for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hub, MessageRef } from '#adapter-kit';
import { direct, network, type Address, type EventId, type HubError } from '#protocol';
import { HubDouble } from '../../../../libs/bot-contacts/src/testing/hub-double.js';
import { OneBotAdapter } from '../onebot.adapter.js';
import { People } from '../people.js';

export const BOT = { selfId: 10_001, token: 'token-of-the-first-bot', name: '小智' };
export const ALICE = 'im:alice@far' as Address;

export interface Recorded {
  what: string;
  leads: string;
  request: Record<string, unknown>;
  /** The draft; absent: nothing was submitted. */
  event?: object;
  response: object;
}

const FILE = join(import.meta.dirname, '../../fixtures/actions.json');
export const RECORDED = (JSON.parse(readFileSync(FILE, 'utf8')) as { actions: Recorded[] }).actions;

/** A message that crossed before: number 41 of the bot, or number 42 of alice. */
const crossed = (author: string): MessageRef => ({
  id: `event-of-${author}` as EventId,
  author: author === 'alice' ? ALICE : (`im:${BOT.selfId}@bots` as Address),
  within: direct(ALICE, `im:${BOT.selfId}@bots` as Address),
  native: [],
  at: 0,
});

export async function aBot({ refuses }: { refuses?: HubError } = {}) {
  const double = new HubDouble({
    refuses,
    sends: true,
    crossed: { '10001.41': crossed('bot'), '10001.42': crossed('alice') },
  });
  const { hub } = double;
  const attachments = {
    take: (_content: unknown, about: object) =>
      Promise.resolve({ kind: 'external', contentType: 'image/png', ...about }),
  };
  const number = await new People(hub.memory).numberOf(ALICE);
  const adapter = new OneBotAdapter(network('bots'), [BOT], undefined, double.log);
  await adapter.start({ ...hub, attachments } as unknown as Hub);
  return { adapter, double, number, ask: (request: object) => adapter.act(BOT.selfId, request) };
}
