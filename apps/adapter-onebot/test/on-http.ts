/** The real adapter, listening, on a hub in memory: what independent programs connect to. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Hub, MessageRef } from '#adapter-kit';
import { eventId, network, plainText, type Address, type MessageEvent } from '#protocol';
import { RefusalLog, WrongProofs } from '#service';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { OneBotAdapter } from '../src/onebot.adapter.js';
import type { Bot } from '../src/onebot.config.js';

export const ALICE = 'im:alice@far' as Address;
let count = 0;

export async function onHttp(bot: Bot) {
  const crossed: Record<string, MessageRef> = {};
  const double = new HubDouble({ sends: true, crossed });
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const adapter = new OneBotAdapter(network('bots'), [bot], undefined, double.log);
  const resolve = (address: Address) =>
    Promise.resolve({ code: '00', party: { address, displayName: 'Alice' } });
  await adapter.start({ ...double.hub, resolve } as unknown as Hub);
  adapter.attach(server, {
    refusals: new RefusalLog(double.log),
    proofs: new WrongProofs({ place: 'http', log: double.log }),
  });
  return {
    adapter,
    double,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Alice writes to the bot. @returns the native id */
    async alice(text: string): Promise<string> {
      const from = { address: ALICE, displayName: 'Alice' };
      const to = `im:${bot.selfId}@bots`;
      const event = {
        id: eventId(network('far'), 'message', `${++count}`),
        data: { from, to, content: { body: plainText(text) } },
      };
      const context = {
        idempotencyKey: `key-${count}`,
        uncertain: false,
        delayedSince: undefined,
        target: undefined,
      };
      const { native } = await adapter.deliver(event as unknown as MessageEvent, context);
      const [id = ''] = native;
      crossed[id] = { id: event.id, author: ALICE, native } as unknown as MessageRef;
      return id;
    },
    async close() {
      await adapter.stop();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
