import { z } from 'zod';
import {
  gatewaySettings,
  milliseconds,
  numberForm,
  port,
  responseMs,
  shortText,
  window,
} from '../gateway-settings.js';

export const sgipSettings = z.object({
  ...gatewaySettings,
  SMS_PORT: port(8801).describe('Port of the gateway, to which the adapter submits'),
  SMS_LISTEN_HOST: z
    .string()
    .default('0.0.0.0')
    .describe('Address on which the adapter waits for the gateway, which dials it to deliver and to report'),
  SMS_LISTEN_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8801)
    .describe('Port on which the adapter waits for the gateway. 0 chooses a free one'),
  SMS_ACCOUNT: shortText(16).min(1).describe('Name with which the adapter logs in, at most 16 characters'),
  SMS_SECRET: shortText(16).min(1).describe('Password of this name, at most 16 characters'),
  SMS_GATEWAY_ACCOUNT: shortText(16)
    .min(1)
    .optional()
    .describe('Name with which the gateway logs in at the adapter. Default: the account'),
  SMS_GATEWAY_SECRET: shortText(16)
    .min(1)
    .optional()
    .describe('Password with which the gateway logs in at the adapter. Default: the secret'),
  SMS_NODE: z.coerce
    .number()
    .int()
    .min(1)
    .max(0xffff_ffff)
    .describe('Number of this node: 3, area code in four digits, company code in five, as in 3010012345'),
  SMS_CORPORATION_ID: z
    .string()
    .regex(/^\d{1,5}$/)
    .describe('Company code (企业代码) that the carrier assigned, up to five digits'),
  SMS_FEE_NUMBER: shortText(21)
    .default('0'.repeat(21))
    .describe(
      'Number that pays (ChargeNumber), beginning with 86. Default: zeros, with which the service provider pays',
    ),
  SMS_FEE_TYPE: z.coerce
    .number()
    .int()
    .min(0)
    .max(255)
    .default(1)
    .describe('Kind of the fee: 0 and 1 none, 2 for each message, 3 monthly, 4 by the service provider'),
  SMS_FEE_CODE: shortText(6).default('0').describe('Fee of a message in hundredths of a yuan (FeeValue)'),
  SMS_WINDOW: window(32),
  SMS_RESPONSE_MS: responseMs(30_000),
  SMS_IDLE_MS: milliseconds(30_000).describe(
    'Milliseconds without a message after which the adapter ends its connection to the gateway. The next message opens it again',
  ),
  SMS_NUMBER_FORM: numberForm('international'),
});
export type SgipSettings = z.infer<typeof sgipSettings>;
