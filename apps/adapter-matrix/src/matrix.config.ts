import { z } from 'zod';

export const matrixSettings = z.object({
  NETWORK: z.string().default('matrix').describe('Slug of this network'),
  MATRIX_URL: z
    .url()
    .default('http://127.0.0.1:8008')
    .describe('Base URL of the client API of the homeserver'),
  MATRIX_SERVER_NAME: z
    .string()
    .min(1)
    .describe('Server name of the homeserver: the part of its user ids after the colon'),
  MATRIX_AS_ID: z.string().default('hutong').describe('`id` in the registration file'),
  MATRIX_AS_TOKEN: z
    .string()
    .min(16)
    .describe('`as_token` in the registration file: the adapter authenticates with it'),
  MATRIX_HS_TOKEN: z
    .string()
    .min(16)
    .describe('`hs_token` in the registration file: the homeserver authenticates with it'),
  MATRIX_UPLOAD_MB: z.coerce
    .number()
    .int()
    .min(1)
    .default(50)
    .describe('Maximum upload size of the homeserver, in MB (Synapse: max_upload_size)'),
  MATRIX_IN_FLIGHT: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(16)
    .describe('Maximum number of concurrent requests to the homeserver'),
});
export type MatrixSettings = ReturnType<(typeof matrixSettings)['parse']>;
