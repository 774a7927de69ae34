import type { Log } from '#service';
import type { SmsLink } from '../sms.link.js';
import { EsmeLink } from './esme.link.js';
import type { SmppSettings } from './smpp.config.js';
import { SmscLink } from './smsc.link.js';

export { smppSettings, type SmppSettings } from './smpp.config.js';

export function openSmppLink(settings: SmppSettings, log: Log): SmsLink {
  return settings.SMS_ROLE === 'esme' ? new EsmeLink(settings, log) : new SmscLink(settings, log);
}
