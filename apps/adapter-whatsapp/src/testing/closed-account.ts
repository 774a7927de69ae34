/** A business number whose API is not there, and webhooks to it, for tests without a network. */
import { whatsappSettings, type WhatsAppSettings } from '../whatsapp.config.js';

export const PHONE_ID = '106540352242922';

export function closedSettings(): WhatsAppSettings {
  return whatsappSettings.parse({
    WHATSAPP_PHONE_ID: PHONE_ID,
    WHATSAPP_TOKEN: 't',
    WHATSAPP_APP_SECRET: 's',
    WHATSAPP_VERIFY_TOKEN: 'verify-token',
    WHATSAPP_API_URL: 'http://127.0.0.1:9',
    WHATSAPP_MEDIA_URL: 'http://127.0.0.1:9',
    WHATSAPP_STATUS_WAIT_MS: '0',
  });
}

/** @param told what `value` has beside the number. @param more changes in the same webhook */
export function webhookOf(told: object, field = 'messages', more: unknown[] = []): unknown {
  const metadata = { display_phone_number: '15550783881', phone_number_id: PHONE_ID };
  const value = { messaging_product: 'whatsapp', metadata, ...told };
  return {
    object: 'whatsapp_business_account',
    entry: [{ id: '102290129340398', changes: [{ field, value }, ...more] }],
  };
}
