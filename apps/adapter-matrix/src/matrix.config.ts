import { z } from 'zod';

export const matrixSettings = z.object({
  NETWORK: z.string().default('matrix').describe('Slug of this network'),
  MATRIX_URL: z.url().default('http://127.0.0.1:8008').describe('Client API of the homeserver'),
  MATRIX_SERVER_NAME: z.string().min(1).describe('The part after the colon in its user ids'),
  MATRIX_AS_ID: z.string().default('hutong').describe('id of the registration file'),
  MATRIX_AS_TOKEN: z.string().min(16).describe('as_token of the registration file'),
  MATRIX_HS_TOKEN: z.string().min(16).describe('hs_token of the registration file'),
  MATRIX_UPLOAD_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .describe('Largest upload that the homeserver takes (Synapse: max_upload_size)'),
  MATRIX_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('Requests to the homeserver at once'),
});
export type MatrixSettings = ReturnType<(typeof matrixSettings)['parse']>;
