/** The Nest module of the Yixin public platform. */
import { accountModule } from '#official-account';
import { yixinSettings } from './yixin.config.js';
import { YIXIN, YIXIN_URL } from './yixin.profile.js';

export const YixinModule = accountModule(yixinSettings, YIXIN, YIXIN_URL);
