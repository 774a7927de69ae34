/** WhatsApp as the rest of the repository sees it. */
import { simulatedBot, simulatedPerson, type NetworkManifest } from '#network-manifest';
import { OPEN_FIELDS } from '#phones';
import { ACCOUNT_NUMBER, PHONE_ID, numberOf } from '../simulator/ids.js';
import { look } from '../simulator/look.js';
import { WHATSAPP_CAPABILITIES, whatsappSettings } from './whatsapp.config.js';

export const whatsapp: NetworkManifest = {
  slug: 'whatsapp',
  name: 'WhatsApp (simulated business number)',
  app: 'adapter-whatsapp',
  settings: whatsappSettings,
  capabilities: WHATSAPP_CAPABILITIES,
  module: async () => (await import('./whatsapp.module.js')).WhatsAppModule,
  standalone: simulatedBot({
    slug: 'whatsapp',
    ports: { simulator: 8108, adapter: 8109 },
    path: '/webhook',
    words: ['amira', 'bruno'],
    nativeOf: numberOf,
    channel: ACCOUNT_NUMBER,
    person: simulatedPerson('whatsapp', {
      abilities: ['reply', 'react', 'markRead', 'sendFile', 'rename'],
      nobody: '10000000000',
      fields: OPEN_FIELDS,
      lines: { greeting: 'Hello from WhatsApp!', answer: 'Good to hear from you.' },
      // A business may write only within 24 hours after the person wrote.
      firstWords: '/help',
    }),
    look,
    options: (secretOf) => ({
      appSecret: secretOf('app-secret'),
      token: secretOf('token'),
      verifyToken: secretOf('verify-token'),
    }),
    open: async (options) => (await import('../simulator/index.js')).WhatsAppSimulator.open(options),
    connect: (simulator, url) => simulator.connect(url),
    environment: (secretOf, url) => ({
      WHATSAPP_API_URL: url,
      WHATSAPP_MEDIA_URL: url,
      WHATSAPP_PHONE_ID: PHONE_ID,
      WHATSAPP_TOKEN: secretOf('token'),
      WHATSAPP_APP_SECRET: secretOf('app-secret'),
      WHATSAPP_VERIFY_TOKEN: secretOf('verify-token'),
    }),
  }),
  deployment: {
    port: 8109,
    isCalled: true,
    environment: {
      WHATSAPP_PHONE_ID: '${WHATSAPP_PHONE_ID:-}',
      WHATSAPP_TOKEN: '${WHATSAPP_TOKEN:-}',
      WHATSAPP_APP_SECRET: '${WHATSAPP_APP_SECRET:-}',
      WHATSAPP_VERIFY_TOKEN: '${WHATSAPP_VERIFY_TOKEN:-}',
    },
  },
};
