/** Serves metrics on a port of their own, because the ports of API, callbacks and attachment links may be open to the internet. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { runInBackground } from './background.js';
import { limitConnections, nodeHttpOptions } from './http-limits.js';
import type { Log } from './log.js';
import { metricsRegistry } from './metrics.js';
import { readSettings } from './settings.js';

export const metricsSettings = {
  METRICS_HOST: z
    .string()
    .default('127.0.0.1')
    .describe(
      'Address of the network interface on which /metrics listens. It requires no key: do not expose it to the internet',
    ),
  METRICS_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of /metrics. 0: a free port, which the log names. Without it no metrics are served'),
};

/** @returns the server, or undefined without METRICS_PORT */
export async function serveMetrics(
  log: Log,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Server | undefined> {
  const { METRICS_HOST: host, METRICS_PORT: port } = readSettings(z.object(metricsSettings), env);
  if (port === undefined) return undefined;
  const server = createServer(nodeHttpOptions(), (request, response) =>
    runInBackground('metrics', log, () => answer(request, response)),
  );
  limitConnections(server);
  server.listen(port, host);
  await once(server, 'listening');
  log.info({ host, port: (server.address() as AddressInfo).port }, 'metrics');
  return server;
}

async function answer({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeader('x-content-type-options', 'nosniff');
  if (method !== 'GET' || url?.split('?')[0] !== '/metrics') {
    response.writeHead(404).end();
    return;
  }
  try {
    const page = await metricsRegistry.metrics();
    response.writeHead(200, { 'content-type': metricsRegistry.contentType }).end(page);
  } catch (error) {
    response.writeHead(500).end();
    throw error;
  }
}
