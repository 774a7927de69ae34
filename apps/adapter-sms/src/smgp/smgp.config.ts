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

export const smgpSettings = z.object({
  ...gatewaySettings,
  SMS_PORT: port(8890).describe('Port of the gateway'),
  SMS_ACCOUNT: shortText(8)
    .min(1)
    .describe('Service code (ClientID) with which the adapter logs in, at most 8 characters'),
  SMS_SOURCE: shortText(8)
    .optional()
    .describe('Identifier that messages carry as their source (MsgSrc). Default: none is sent'),
  SMS_FEE_NUMBER: shortText(21).default('').describe('Number that pays (ChargeTermID), if not the recipient'),
  SMS_FEE_TYPE: shortText(2)
    .default('00')
    .describe('Kind of the fee: 00 none, 01 for each message, 02 monthly, 03 with an upper limit'),
  SMS_FEE_CODE: shortText(6).default('0').describe('Fee of a message in hundredths of a yuan'),
  SMS_FIXED_FEE: shortText(6)
    .default('0')
    .describe('Monthly fee, or upper limit of the fees, in hundredths of a yuan'),
  SMS_REPORT_ID: z
    .enum(['binary', 'digits'])
    .default('binary')
    .describe(
      'How the gateway writes the identifier of a message into its reports: `binary` (10 bytes) or `digits` (20 characters)',
    ),
  SMS_WINDOW: window(16),
  SMS_RESPONSE_MS: responseMs(60_000),
  SMS_KEEPALIVE_MS: keepAliveMs,
  SMS_NUMBER_FORM: numberForm('national'),
});
export type SmgpSettings = z.infer<typeof smgpSettings>;
