/**
 * Settings: each app declares one zod object, which is read once from the environment before the app connects to anything. An
 * invalid value stops the app with one line that names the variable.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** @throws SettingsError naming every variable that is missing or wrong. */
export function readSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(`wrong settings: ${lines.join('; ')}`);
}

const port = z.coerce.number().int().min(0).max(65_535);

/** Settings that every process has. */
export const commonSettings = {
  HTTP_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address of the network interface on which the HTTP endpoints listen. 0.0.0.0: all interfaces'),
  HTTP_PORT: port
    .default(0)
    .describe(
      'Port of the health endpoints and, if the process has one, of its API. 0: a free port, which the log names',
    ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least severe level that is logged'),
};

/** How the bus is reached. */
export const busConnectionSettings = {
  NATS_URL: z
    .string()
    .default('nats://127.0.0.1:4222')
    .describe('URL of nats-server; several URLs of a cluster are separated by commas'),
  NATS_CREDS: z
    .string()
    .optional()
    .describe(
      'Path of the credentials file; an adapter renews its credentials in this file, so it must be writable',
    ),
  NATS_CA: z
    .string()
    .optional()
    .describe(
      'Path of the CA certificates (PEM) that sign the certificate of nats-server. With it, the process connects with TLS only',
    ),
  NATS_TLS_CERT: z
    .string()
    .optional()
    .describe('Path of the client certificate (PEM), if nats-server requires one. Needs NATS_TLS_KEY'),
  NATS_TLS_KEY: z.string().optional().describe('Path of the private key (PEM) of NATS_TLS_CERT'),
};

/** Settings of every process that writes to the bus, or acknowledges what it read. */
export const busSettings = {
  ...busConnectionSettings,
  BUS_UNSAFE: z
    .enum(['0', '1'])
    .default('0')
    .describe(
      '1: start on a nats-server that acknowledges messages before they are on disk (without `sync_interval: always`). A power cut then loses accepted messages. Only for tests',
    ),
};

/** Settings of every process that creates streams and buckets. */
export const topologySettings = {
  NATS_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Number of copies of every stream and bucket: 1 with a single nats-server, 3 in a cluster'),
};

export const databaseSettings = {
  DATABASE_URL: z
    .string()
    .default('postgresql://hutong@127.0.0.1:5432/hutong')
    .describe('Connection URL of PostgreSQL'),
};

export interface BusEnvironment {
  NATS_URL: string;
  NATS_CREDS?: string | undefined;
  NATS_CA?: string | undefined;
  NATS_TLS_CERT?: string | undefined;
  NATS_TLS_KEY?: string | undefined;
}

export function busCredentials(settings: BusEnvironment): string | undefined {
  if (settings.NATS_CREDS === undefined) return undefined;
  try {
    return readFileSync(settings.NATS_CREDS, 'utf8');
  } catch {
    throw new SettingsError(`NATS_CREDS: cannot read ${settings.NATS_CREDS}`);
  }
}

/** undefined: no TLS. @throws SettingsError when only one of certificate and key is given */
export function busTls({
  NATS_CA: ca,
  NATS_TLS_CERT: cert,
  NATS_TLS_KEY: key,
}: BusEnvironment): { ca: string; cert: string | undefined; key: string | undefined } | undefined {
  if ((cert === undefined) !== (key === undefined))
    throw new SettingsError('NATS_TLS_CERT, NATS_TLS_KEY: give both or neither');
  if (ca !== undefined) return { ca, cert, key };
  if (cert !== undefined) throw new SettingsError('NATS_TLS_CERT: give NATS_CA too');
  return undefined;
}

export interface SettingRow {
  name: string;
  default: string;
  what: string;
}

/** Rows for the generated settings page. */
export function describeSettings(schema: z.ZodObject): SettingRow[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, { default?: unknown; description?: string }>;
    required?: string[];
  };
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    default:
      property.default === undefined
        ? json.required?.includes(name)
          ? 'required'
          : ''
        : JSON.stringify(property.default),
    what: property.description ?? '',
  }));
}
