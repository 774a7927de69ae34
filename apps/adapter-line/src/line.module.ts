/** The Nest module of LINE. */
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { LineAdapter } from './line.adapter.js';
import { lineSettings } from './line.config.js';
import { LineWebhookController } from './line.webhook.js';

export const LineModule = webhookModule(lineSettings, [LineWebhookController], (settings, log) => {
  return new LineAdapter(network(settings.NETWORK), settings, log);
});
