/** A business number whose API is not there, and webhooks to it, for tests without a network. */
import { whatsappSettings, type WhatsAppSettings } from '../whatsapp.config.js';

export function closedSettings(): WhatsAppSettings {
  return whatsappSettings.parse({
    WHATSAPP_PHONE_ID: '106540352242922',
    WHATSAPP_TOKEN: 't',
    WHATSAPP_APP_SECRET: 's',
    WHATSAPP_VERIFY_TOKEN: 'verify-token',
    WHATSAPP_API_URL: 'http://127.0.0.1:9',
    WHATSAPP_MEDIA_URL: 'http://127.0.0.1:9',
    WHATSAPP_STATUS_WAIT_MS: '0',
  });
}

/** @param told what `value` has beside the number */
export function webhookOf(told: object, field = 'messages'): unknown {
  const metadata = { display_phone_number: '15550783881', phone_number_id: '106540352242922' };
  const value = { messaging_product: 'whatsapp', metadata, ...told };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', changes: [{ field, value }] }],
  };
}
