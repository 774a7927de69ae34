import { z } from 'zod';
import { levels, type Capabilities } from '#protocol';

const MB = 1024 * 1024;

export const rcsSettings = z.object({
  NETWORK: z.string().default('rcs').describe('Slug of this network'),
  RCS_DIALECT: z
    .enum(['xml', 'json'])
    .default('xml')
    .describe('xml: the interface of China Mobile; json: that of China Telecom and China Unicom'),
  RCS_URL: z.url().describe('Server root of the platform (MaaP), without a slash at the end'),
  RCS_MEDIA_URL: z.url().optional().describe('Server root of its file server. Default: RCS_URL'),
  RCS_CHATBOT: z
    .string()
    .regex(/^sip:[\w.+-]+@[\w.-]+$/)
    .describe('SIP address of the chatbot'),
  RCS_APP_ID: z.string().min(1).describe('Id of the CSP or developer (xml), appId (json)'),
  RCS_APP_KEY: z.string().min(1).describe('Token of the CSP or developer (xml), appKey (json)'),
  RCS_TOKEN: z
    .string()
    .min(8)
    .optional()
    .describe('json: the token with which the platform signs notifications; without it all are refused'),
  RCS_SEND_PATH: z
    .string()
    .default('messaging/group/v1')
    .describe('xml: path of the interface that sends; some platforms use messaging/interaction/v1'),
  RCS_SMS_FALLBACK: z
    .enum(['on', 'off'])
    .default('on')
    .describe('on: a text for a telephone that cannot receive it is sent as an SMS, which costs'),
  RCS_WAIT_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(60_000)
    .default(10_000)
    .describe('How long to wait for the notification that tells the result of a call, ms'),
});
export type RcsSettings = z.infer<typeof rcsSettings>;

/** Of one text message, in characters. */
export const TEXT_UNITS = 2000;

/**
 * Sizes and types of temporary media as of 2021-12 (China Telecom and China Unicom, interface specification 1.0.4, "medias/upload");
 * platforms of China Mobile take at least these.
 */
export const RCS_CAPABILITIES: Capabilities = {
  version: 'rcs-1',
  language: 'zh',
  ids: 'number',
  numbersWithout: '86',
  features: levels(0, { text: 2, recall: 1, media: 2 }),
  media: {
    image: { types: ['image/jpeg', 'image/png'], maxBytes: 2 * MB },
    voice: { types: ['audio/amr', 'audio/mpeg', 'audio/mp4'], maxBytes: 5 * MB },
    video: { types: ['video/mp4', 'video/webm'], maxBytes: 10 * MB },
    captions: true,
  },
  lateOutcomes: { stages: ['delivered', 'read', 'failed'] },
  // Number and name of who speaks stand in front of the text.
  limits: { textUnits: TEXT_UNITS - 200 },
};
