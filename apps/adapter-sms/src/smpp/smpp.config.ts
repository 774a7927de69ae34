import { z } from 'zod';

const typeOfNumber = z.coerce.number().int().min(0).max(6);
const numberingPlan = z.coerce.number().int().min(0).max(18);
const idForm = z.enum(['text', 'hex', 'decimal']);

/** Of the profile `smpp`. */
export const smppSettings = z.object({
  SMS_ROLE: z
    .enum(['esme', 'smsc'])
    .default('esme')
    .describe('esme: we connect to a gateway. smsc: an aggregator connects to us'),
  SMS_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('Host of the gateway; smsc: the address on which we listen'),
  SMS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(2775)
    .describe('Its port; smsc: the port on which we listen'),
  SMS_SYSTEM_ID: z.string().min(1).max(15).describe('Name of the account (system_id)'),
  SMS_PASSWORD: z.string().max(8).default('').describe('Its password'),
  SMS_SYSTEM_TYPE: z.string().max(12).default('').describe('system_type, where the gateway asks for one'),
  SMS_BIND: z
    .enum(['transceiver', 'separate'])
    .default('transceiver')
    .describe('One connection for both directions, or one for each (bind_transmitter, bind_receiver)'),
  SMS_WINDOW: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(10)
    .describe('Requests without an answer, at most'),
  SMS_RESPONSE_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(10_000)
    .describe('How long to wait for the answer to a message before its outcome is 103, ms'),
  SMS_ENQUIRE_MS: z.coerce
    .number()
    .int()
    .min(1000)
    .default(30_000)
    .describe('Interval of enquire_link on an idle connection, ms'),
  SMS_SOURCE_TON: typeOfNumber.default(0).describe('Type of our number'),
  SMS_SOURCE_NPI: numberingPlan.default(1).describe('Numbering plan of our number'),
  SMS_DEST_TON: typeOfNumber.default(1).describe('Type of the numbers of people'),
  SMS_DEST_NPI: numberingPlan.default(1).describe('Numbering plan of the numbers of people'),
  SMS_DEFAULT_ALPHABET: z
    .enum(['gsm7', 'ascii', 'latin1'])
    .default('gsm7')
    .describe('What data_coding 0 means at this gateway'),
  SMS_LONG: z
    .enum(['udh', 'sar'])
    .default('udh')
    .describe('How a long text is marked: by a user data header, or by the sar parameters'),
  SMS_RESPONSE_IDS: idForm
    .default('text')
    .describe('How the gateway writes the number of a message in its answer'),
  SMS_RECEIPT_IDS: idForm.default('text').describe('How it writes the same number in delivery receipts'),
});
export type SmppSettings = z.infer<typeof smppSettings>;
