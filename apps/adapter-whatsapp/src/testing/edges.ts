/** The HTTP edge for the test of all routes: how a stranger, and how the platform, asks. */
import { createHmac } from 'node:crypto';
import { EDGE_SECRET, edgeLog, type Edges } from '#adapter-kit/testing/edge';
import { network } from '#protocol';
import { WhatsAppAdapter } from '../whatsapp.adapter.js';
import { whatsappSettings } from '../whatsapp.config.js';
import { WhatsAppWebhookController } from '../whatsapp.webhook.js';

const settings = whatsappSettings.parse({
  WHATSAPP_PHONE_ID: '1',
  WHATSAPP_TOKEN: 't',
  WHATSAPP_APP_SECRET: EDGE_SECRET,
  WHATSAPP_VERIFY_TOKEN: EDGE_SECRET,
});

export const edges: Edges = {
  WhatsApp: {
    adapter: new WhatsAppAdapter(network('whatsapp'), settings, edgeLog),
    controllers: [WhatsAppWebhookController],
    prove(method, _path, body, { key = EDGE_SECRET } = {}) {
      if (method === 'GET' || method === 'HEAD')
        return { query: `?hub.mode=subscribe&hub.verify_token=${key}&hub.challenge=x` };
      const digest = createHmac('sha256', key).update(body).digest('hex');
      return { headers: { 'x-hub-signature-256': `sha256=${digest}` } };
    },
    bodies: { '/webhook': '{"object":"whatsapp_business_account","entry":[]}' },
    timeless: 'body',
  },
};
