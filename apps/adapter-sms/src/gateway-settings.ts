/** Settings that the links to gateways of CMPP, SGIP and SMGP have in common. */
import { z } from 'zod';

export const port = (usual: number) => z.coerce.number().int().min(1).max(65_535).default(usual);
export const milliseconds = (usual: number) => z.coerce.number().int().min(100).default(usual);
/** ASCII, because the protocols have one byte for each character. */
export const shortText = (most: number) =>
  z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .max(most);

export const gatewaySettings = {
  SMS_HOST: z.string().min(1).describe('Host of the gateway of the carrier'),
  SMS_SECRET: shortText(64).min(1).describe('Secret that the carrier assigned together with the account'),
  SMS_SERVICE_ID: shortText(10)
    .default('')
    .describe('Service identifier (业务代码) that the carrier assigned, at most 10 characters'),
};

export function window(usual: number) {
  return z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(usual)
    .describe('Messages that are sent before the first of them is answered, at most, as the carrier allows');
}

export function responseMs(usual: number) {
  return milliseconds(usual).describe(
    'Milliseconds to wait for the answer to a message. It is sent three times under the same number; then its outcome is unknown (code 103)',
  );
}

export const keepAliveMs = milliseconds(180_000).describe(
  'Milliseconds without a frame of the gateway after which the adapter asks whether the link is alive; three questions without an answer close it',
);

export function numberForm(usual: 'national' | 'international') {
  return z
    .enum(['national', 'international'])
    .default(usual)
    .describe(
      'How mobile numbers of China are written to the gateway: `national` (13800000001) or `international` (8613800000001). Both are read',
    );
}
