import type { AddressInfo } from 'node:net';
import { silentLog } from './log.js';
import { metrics } from './metrics.js';
import { serveMetrics } from './metrics-server.js';
import { SettingsError } from './settings.js';

test('metrics have a port of their own, on which there is nothing else', async () => {
  const server = await serveMetrics(silentLog, { METRICS_PORT: '0' });
  if (!server) throw new Error('no server');
  const { port, address } = server.address() as AddressInfo;
  metrics.busSessions.inc();
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });
  try {
    expect(address).toBe('127.0.0.1');
    expect(await (await get('/metrics')).text()).toContain('hutong_bus_sessions_total 1');
    expect((await get('/')).status).toBe(404);
    expect((await get('/healthz/live')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(404);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('without METRICS_PORT there are none, and a wrong one stops the process', async () => {
  expect(await serveMetrics(silentLog, {})).toBeUndefined();
  await expect(serveMetrics(silentLog, { METRICS_PORT: '70000' })).rejects.toThrow(SettingsError);
});
