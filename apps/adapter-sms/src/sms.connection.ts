/** The link to the gateway of a carrier, by profile. */
import { readSettings, type Log } from '#service';
import { openCmppLink } from './cmpp/index.js';
import { openSgipLink } from './sgip/index.js';
import { openSmgpLink } from './smgp/index.js';
import { openSmppLink } from './smpp/index.js';
import { LINK_SETTINGS, type SmsSettings } from './sms.config.js';
import type { SmsLink } from './sms.link.js';

/** @throws SettingsError that names the settings of the profile that are missing or wrong */
export function openLink(settings: SmsSettings, log: Log): SmsLink {
  const given = settings as NodeJS.ProcessEnv;
  switch (settings.SMS_PROFILE) {
    case 'smpp':
      return openSmppLink(readSettings(LINK_SETTINGS.smpp, given), log);
    case 'cmpp':
      return openCmppLink(readSettings(LINK_SETTINGS.cmpp, given), log);
    case 'sgip':
      return openSgipLink(readSettings(LINK_SETTINGS.sgip, given), log);
    case 'smgp':
      return openSmgpLink(readSettings(LINK_SETTINGS.smgp, given), log);
  }
}
