import { networkSettings } from '#official-account/settings';

/** The platform does not encrypt callbacks and documents no rate limit. */
export const yixinSettings = networkSettings('yixin').omit({
  ACCOUNT_AES_KEY: true,
  ACCOUNT_MODE: true,
  ACCOUNT_PER_MINUTE: true,
  ACCOUNT_PER_HOUR: true,
  ACCOUNT_WINDOW_MESSAGES: true,
  ACCOUNT_AGENT_ID: true,
});
