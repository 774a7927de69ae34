import { z } from 'zod';
import {
  gatewaySettings,
  keepAliveMs,
  numberForm,
  port,
  responseMs,
  shortText,
  window,
} from '../gateway-settings.js';

export const cmppSettings = z.object({
  ...gatewaySettings,
  SMS_PORT: port(7890).describe('Port of the gateway'),
  SMS_ACCOUNT: shortText(6)
    .min(1)
    .describe('Identifier of the service provider (SP_Id) with which the adapter logs in, six digits'),
  SMS_VERSION: z
    .enum(['2.0', '3.0'])
    .default('2.0')
    .describe('Version of CMPP that the gateway speaks: `2.0` or `3.0`'),
  SMS_SOURCE: shortText(6)
    .optional()
    .describe('Identifier that messages carry as their source (Msg_src). Default: the account'),
  SMS_FEE_USER_TYPE: z.coerce
    .number()
    .int()
    .min(0)
    .max(3)
    .default(2)
    .describe(
      'Who pays a message: 0 the recipient, 1 the sender, 2 the service provider, 3 `SMS_FEE_NUMBER`',
    ),
  SMS_FEE_NUMBER: shortText(21).default('').describe('Number that pays, for `SMS_FEE_USER_TYPE` 3'),
  SMS_FEE_TYPE: shortText(2)
    .default('01')
    .describe('Kind of the fee: 01 none, 02 for each message, 03 monthly'),
  SMS_FEE_CODE: shortText(6).default('0').describe('Fee in hundredths of a yuan, or the code of a tariff'),
  SMS_WINDOW: window(16),
  SMS_RESPONSE_MS: responseMs(60_000),
  SMS_KEEPALIVE_MS: keepAliveMs,
  SMS_NUMBER_FORM: numberForm('national'),
});
export type CmppSettings = z.infer<typeof cmppSettings>;
