/** The Nest module of WeChat. */
import { accountModule } from '#official-account';
import { wechatSettings } from './wechat.config.js';
import { OFFICIAL_ACCOUNT, WECHAT_URL } from './wechat.profile.js';

export const WechatModule = accountModule(wechatSettings, OFFICIAL_ACCOUNT, WECHAT_URL);
