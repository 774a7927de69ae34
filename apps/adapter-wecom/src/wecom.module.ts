/** The Nest module of WeCom. */
import { accountModule } from '#official-account';
import { wecomSettings } from './wecom.config.js';
import { WECOM, WECOM_URL } from './wecom.profile.js';

export const WecomModule = accountModule(wecomSettings, WECOM, WECOM_URL);
