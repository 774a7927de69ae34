/** A simulated WhatsApp with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { ACCOUNT_NUMBER, numberOf, PHONE_ID, WhatsAppSimulator } from '../simulator/index.js';

export interface WhatsAppHome extends SimulatedHome {
  whatsapp: WhatsAppSimulator;
}

export const SECRETS = { appSecret: 'app-secret', token: 'access-token', verifyToken: 'verify-token' };

export function settingsOf(url: string): NodeJS.ProcessEnv {
  return {
    WHATSAPP_API_URL: url,
    WHATSAPP_MEDIA_URL: url,
    WHATSAPP_PHONE_ID: PHONE_ID,
    WHATSAPP_TOKEN: SECRETS.token,
    WHATSAPP_APP_SECRET: SECRETS.appSecret,
    WHATSAPP_VERIFY_TOKEN: SECRETS.verifyToken,
    WHATSAPP_STATUS_WAIT_MS: '1000',
  };
}

export async function whatsappHome(hub: HubFixture, through: Through = straight): Promise<WhatsAppHome> {
  const whatsapp = await WhatsAppSimulator.open({ ...SECRETS, retryMs: 500 });
  const url = await through(whatsapp.url);
  const app = await hub.app('adapter-whatsapp', 'dist/apps/adapter-whatsapp/src/main.js', {
    NATS_CREDS: await hub.admit('whatsapp'),
    ...settingsOf(url),
    // The simulator names its own address in links to attachments.
    WHATSAPP_MEDIA_URL: whatsapp.url,
    MEDIA_PRIVATE_HOSTS: new URL(whatsapp.url).host,
  });
  await whatsapp.connect(`${app.url}/webhook`);
  return {
    network: 'whatsapp',
    app,
    whatsapp,
    channel: ACCOUNT_NUMBER,
    person: (word) => whatsapp.person(numberOf(word)),
    // A business may write only to who has written.
    signIn: (person) => person.act({ do: 'write', to: ACCOUNT_NUMBER, text: '/help' }),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => whatsapp.close(),
  };
}
