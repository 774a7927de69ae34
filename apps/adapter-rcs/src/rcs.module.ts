/** The Nest module of 5G messages. */
import { webhookModule } from '#adapter-webhook';
import { network } from '#protocol';
import { RcsAdapter } from './rcs.adapter.js';
import { rcsSettings } from './rcs.config.js';
import { RcsNotificationController } from './rcs.webhook.js';

export const RcsModule = webhookModule(
  rcsSettings,
  [RcsNotificationController],
  (settings, log) => new RcsAdapter(network(settings.NETWORK), settings, log),
);
