import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { LineAdapter } from '../src/line.adapter.js';
import { lineSettings } from '../src/line.config.js';

function anEvent(person: number, text: string) {
  const id = `${person} ${text}`;
  return {
    type: 'message',
    mode: 'active',
    timestamp: 1_692_251_666_727,
    source: { type: 'user', userId: `U${String(person).padStart(32, '0')}` },
    webhookEventId: id,
    message: { id, type: 'text', text, quotedMessageId: 'never-seen' },
  };
}

async function anAccount(slow: Parameters<Parameters<typeof isolatesConversations>[0]>[0]) {
  const double = new HubDouble({ talked: true });
  const settings = lineSettings.parse({ LINE_CHANNEL_SECRET: 's', LINE_CHANNEL_TOKEN: 't' });
  const closed = { ...settings, LINE_API_URL: 'http://127.0.0.1:9', LINE_DATA_URL: 'http://127.0.0.1:9' };
  const adapter = new LineAdapter(network('line'), closed, double.log);
  await adapter.start(slow(double.hub));
  return adapter;
}

describe('in callbacks of their own', () => {
  isolatesConversations(async (slow) => {
    const adapter = await anAccount(slow);
    return {
      write: (person, text) =>
        adapter.webhook({ native: '', json: { destination: 'U0', events: [anEvent(person, text)] } }),
      close: () => adapter.stop(),
    };
  });
});

describe('in the same callback', () => {
  isolatesConversations(async (slow) => {
    const adapter = await anAccount(slow);
    const events: object[] = [];
    let called: Promise<void> | undefined;
    return {
      // What is written at once is delivered together.
      write: (person, text) => {
        events.push(anEvent(person, text));
        called ??= Promise.resolve().then(() => {
          called = undefined;
          return adapter.webhook({ native: '', json: { destination: 'U0', events: events.splice(0) } });
        });
        return called;
      },
      close: () => adapter.stop(),
    };
  });
});
