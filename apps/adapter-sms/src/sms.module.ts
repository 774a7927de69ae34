/** The Nest module of SMS. */
import { adapterModule } from '#adapter-kit';
import { network } from '#protocol';
import { SmsAdapter } from './sms.adapter.js';
import { smsSettings, type SmsSettings } from './sms.config.js';
import { openLink } from './sms.connection.js';

export const SmsModule = adapterModule(smsSettings, (given, log) => {
  const settings: SmsSettings = given;
  return new SmsAdapter(network(settings.NETWORK), settings, openLink(settings, log));
});
