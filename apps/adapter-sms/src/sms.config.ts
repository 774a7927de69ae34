import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';
import { cmppSettings } from './cmpp/cmpp.config.js';
import { sgipSettings } from './sgip/sgip.config.js';
import { smgpSettings } from './smgp/smgp.config.js';
import { smppSettings } from './smpp/smpp.config.js';

/** Settings of the links, by profile. The link that is opened reads its own; the others are not asked for. */
export const LINK_SETTINGS = {
  smpp: smppSettings,
  cmpp: cmppSettings,
  sgip: sgipSettings,
  smgp: smgpSettings,
} as const;
export type Profile = keyof typeof LINK_SETTINGS;
const PROFILES = Object.keys(LINK_SETTINGS) as Profile[];

const words = (usual: string) =>
  z
    .string()
    .max(500)
    .default(usual)
    .transform((list) => list.split(',').map((word) => word.trim().toUpperCase()))
    .transform((list) => list.filter((word) => word !== ''));

const ownSettings = {
  NETWORK: z.string().default('sms').describe('Slug of this network'),
  SMS_PROFILE: z
    .enum(PROFILES)
    .default('smpp')
    .describe(
      'Protocol of the gateway: SMPP 3.4, CMPP (China Mobile), SGIP (China Unicom), SMGP (China Telecom)',
    ),
  SMS_CODE: z
    .string()
    .regex(/^\d{3,20}$/)
    .describe('Our number at the carrier: the access code that it assigned, digits only'),
  SMS_SUFFIX_DIGITS: z.coerce
    .number()
    .int()
    .min(0)
    .max(6)
    .default(2)
    .describe(
      'Digits behind SMS_CODE that name a conversation, so that a plain reply goes to the right person. 0: the carrier allows none',
    ),
  SMS_SIGNATURE: z
    .string()
    .max(30)
    .default('')
    .describe('Name of the sender that the carrier registered, shown as 【name】. Empty: none'),
  SMS_SIGNATURE_AT: z.enum(['start', 'end']).default('start').describe('Where the signature stands'),
  SMS_OPT_OUT: words('TD,T,退订,STOP').describe(
    'Words by which a person asks for no more messages, separated by commas: nothing is sent to them then (40)',
  ),
  SMS_OPT_IN: words('START,订阅').describe('Words by which they ask for messages again'),
  SMS_BLOCKED: z
    .string()
    .max(10_000)
    .default('')
    .transform((list) => list.split(',').map((number) => number.trim()))
    .transform((list) => list.filter((number) => number !== ''))
    .refine(
      (list) => list.every((number) => /^\d{1,15}\*?$/.test(number)),
      'numbers in digits, or the beginning of numbers and *',
    )
    .describe(
      'Block list: numbers with country code, or beginnings with *, separated by commas (8613800138000,86170*). Nothing is sent to them or taken from them',
    ),
  SMS_QUIET_HOURS: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/)
    .optional()
    .describe('Hours without messages to people, as 22:00-08:00: what comes meanwhile is refused with 100'),
  SMS_TIME_ZONE: z
    .string()
    .default('Asia/Shanghai')
    .refine(isTimeZone, 'no time zone of that name')
    .describe('Time zone of the quiet hours'),
  SMS_PER_SECOND: z.coerce
    .number()
    .positive()
    .max(10_000)
    .optional()
    .describe('Segments in a second, at most; messages wait for their turn. Absent: no limit of ours'),
  SMS_PER_NUMBER: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Messages to one number in a minute, at most; further ones are tried again later. Absent: no limit of ours',
    ),
  SMS_REFERENCE_BITS: z.coerce
    .number()
    .pipe(z.literal([8, 16]))
    .default(8)
    .describe('Width of the reference of long texts: 8 for every telephone, 16 where the gateway wants it'),
  SMS_JOIN_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(24 * 3600_000)
    .default(300_000)
    .describe('How long a long text waits for its missing segments before it is passed on with gaps, ms'),
};

/** The settings of all links as they are written: each link reads its own, with their defaults. */
function written(): Record<string, z.ZodOptional<z.ZodString>> {
  const all = PROFILES.flatMap((profile) =>
    Object.entries<z.ZodType>(LINK_SETTINGS[profile].shape).map(([name, setting]) => ({
      profile,
      name,
      setting,
    })),
  );
  return Object.fromEntries(
    [...Map.groupBy(all, ({ name }) => name)].map(([name, uses]) => [
      name,
      z.string().optional().describe(describedFor(uses)),
    ]),
  );
}

/** What a setting says in each profile, and its default there. */
function describedFor(uses: readonly { profile: Profile; setting: z.ZodType }[]): string {
  const byText = Map.groupBy(uses, ({ setting }) => setting.description ?? '');
  return [...byText]
    .map(
      ([text, same]) => `${same.map(({ profile, setting }) => profile + usual(setting)).join(', ')}: ${text}`,
    )
    .join('. ');
}

function usual(setting: z.ZodType): string {
  const value = setting.safeParse(undefined).data;
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? ` (${value})` : '';
}

export const smsSettings = z.object({ ...ownSettings, ...written() });
export type SmsSettings = z.infer<z.ZodObject<typeof ownSettings>> & Readonly<Record<string, unknown>>;

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Carriers report what became of a message for two days (CMPP 3.0, 7.3.1 in the same sense). */
const REPORTED_WITHIN_MS = 48 * 3600_000;

export const SMS_CAPABILITIES: Capabilities = {
  version: 'sms-1',
  language: 'zh',
  ids: 'number',
  features: levels(0, { text: 2 }),
  lateOutcomes: { stages: ['delivered', 'failed'], withinMs: REPORTED_WITHIN_MS },
  // Fifteen segments of Chinese with the name of who speaks. A message has at most 255.
  limits: { textUnits: 1000 },
};

/** Where the gateway asks what became of messages of people: SMPP, to which an aggregator connects. */
export const RECEIPT_CAPABILITIES: Capabilities = {
  ...SMS_CAPABILITIES,
  version: 'sms-1-receipts',
  features: levels(0, { text: 2, delivered: 1 }),
};
