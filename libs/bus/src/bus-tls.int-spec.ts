/** The bus with TLS, by settings: a client checks the server's certificate, and talks to no other server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { findNatsServer, freePort, natsServer, required, type Child } from '#engines';
import { busSettings, busTls, readSettings, SettingsError } from '#service';
import { z } from 'zod';
import { quiet } from '../../../test/support/hub-fixture.js';
import { BusConnection, tlsOptions } from './bus-connection.js';

const fixtures = join(import.meta.dirname, '../../../test/fixtures/tls');
const file = (name: string) => join(fixtures, name);
const folder = mkdtempSync(join(tmpdir(), 'hutong-tls-'));
let server: Child;
let url: string;

beforeAll(async () => {
  const port = await freePort();
  url = `tls://127.0.0.1:${port}`;
  server = natsServer({
    program: required('nats-server', await findNatsServer(() => undefined)).paths.program,
    folder,
    port,
    monitorPort: await freePort(),
    tls: { cert: file('server.pem'), key: file('server.key') },
  });
  await server.start();
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tlsOf = (env: NodeJS.ProcessEnv) => busTls(readSettings(z.object(busSettings), env));

test('a process with the CA of the bus joins, and the connection is encrypted', async () => {
  const link = await BusConnection.open(
    { url, name: 'test', tls: tlsOf({ NATS_CA: file('ca.pem') }) },
    quiet,
  );
  expect(link.session?.nc.info?.tls_required).toBe(true);
  await link.session?.nc.flush();
  await link.close();
});

test('a server whose certificate another CA would have to sign is not talked to', async () => {
  const tls = tlsOf({ NATS_CA: file('other-ca.pem') });
  const joining = connect({ servers: url, reconnect: false, ...(tls ? { tls: tlsOptions(tls) } : {}) });
  await expect(joining).rejects.toThrow(/certificate|signed|issuer/i);
});

test('half of a client certificate is a wrong setting', () => {
  expect(() => tlsOf({ NATS_CA: file('ca.pem'), NATS_TLS_CERT: file('server.pem') })).toThrow(SettingsError);
  expect(() => tlsOf({ NATS_TLS_CERT: file('server.pem'), NATS_TLS_KEY: file('server.key') })).toThrow(
    'NATS_CA',
  );
  expect(tlsOf({})).toBeUndefined();
});
