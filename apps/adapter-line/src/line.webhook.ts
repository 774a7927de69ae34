/** The webhook address that is entered at LINE. */
import { hmacEdge, webhookController } from '#adapter-webhook';
import type { LineAdapter } from './line.adapter.js';

export const LineWebhookController = webhookController(
  'webhook',
  hmacEdge<LineAdapter>({
    header: 'x-line-signature',
    encoding: 'base64',
    secretOf: ({ settings }) => settings.LINE_CHANNEL_SECRET,
    maxBody: 1024 * 1024,
    bounds: { depth: 16, values: 20_000 },
  }),
);
