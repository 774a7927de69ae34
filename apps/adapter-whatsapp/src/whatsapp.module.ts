/** The Nest module of WhatsApp. */
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { WhatsAppAdapter } from './whatsapp.adapter.js';
import { whatsappSettings } from './whatsapp.config.js';
import { WhatsAppWebhookController } from './whatsapp.webhook.js';

export const WhatsAppModule = webhookModule(
  whatsappSettings,
  [WhatsAppWebhookController],
  (settings, log) => new WhatsAppAdapter(network(settings.NETWORK), settings, log),
);
