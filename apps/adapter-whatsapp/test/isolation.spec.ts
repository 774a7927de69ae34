import { isolatesConversations } from '#adapter-contract';
import { network } from '#protocol';
import { HubDouble } from '../../../libs/bot-contacts/src/testing/hub-double.js';
import { WhatsAppAdapter } from '../src/whatsapp.adapter.js';
import { closedSettings, webhookOf } from '../src/testing/closed-account.js';

function aMessage(person: number, text: string) {
  const from = `1202000${String(person).padStart(4, '0')}`;
  const id = `wamid.${person} ${text}`;
  return {
    from,
    id,
    timestamp: '1692251666',
    type: 'text',
    text: { body: text },
    context: { id: 'never-seen' },
  };
}

async function anAccount(slow: Parameters<Parameters<typeof isolatesConversations>[0]>[0]) {
  const double = new HubDouble({ talked: true });
  const adapter = new WhatsAppAdapter(network('whatsapp'), closedSettings(), double.log);
  await adapter.start(slow(double.hub));
  return adapter;
}

describe('in webhooks of their own', () => {
  isolatesConversations(async (slow) => {
    const adapter = await anAccount(slow);
    return {
      write: (person, text) =>
        adapter.webhook({ native: '', json: webhookOf({ messages: [aMessage(person, text)] }) }),
      close: () => adapter.stop(),
    };
  });
});

describe('in the same webhook', () => {
  isolatesConversations(async (slow) => {
    const adapter = await anAccount(slow);
    const messages: object[] = [];
    let called: Promise<void> | undefined;
    return {
      // What is written at once is delivered together.
      write: (person, text) => {
        messages.push(aMessage(person, text));
        called ??= Promise.resolve().then(() => {
          called = undefined;
          return adapter.webhook({ native: '', json: webhookOf({ messages: messages.splice(0) }) });
        });
        return called;
      },
      close: () => adapter.stop(),
    };
  });
});
