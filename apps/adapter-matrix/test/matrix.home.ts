/** Synapse as a home for ann. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, synapse, synapseAccount } from '#engines';
import { addressOf } from '#protocol';
import { registrationFile } from '../src/registration.js';
import { ghostUserId } from '../src/user-ids.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { MatrixPhone } from '../phone/matrix.phone.js';
import { far, type Home } from '../../../test/contract/keeps-the-contract.js';

/** @param through leads the adapter past a recorder: the address of the homeserver -> the one that the adapter is given */
export async function onSynapse(
  hub: HubFixture,
  root: string,
  through: (url: string) => Promise<string> = (url) => Promise.resolve(url),
): Promise<Home & { ann: MatrixPhone }> {
  const [port, appservice] = [await freePort(), await freePort()];
  const serverName = 'suite.test';
  const tokens = { asToken: 'as-token-for-the-suite', hsToken: 'hs-token-for-the-suite' };
  const registration = join(hub.folder, 'registration.yaml');
  writeFileSync(
    registration,
    registrationFile({ id: 'hutong', url: `http://127.0.0.1:${appservice}`, ...tokens, serverName }),
  );
  const options = {
    root,
    folder: join(hub.folder, 'synapse'),
    port,
    serverName,
    registrationSecret: 'registration-secret',
    registrations: [registration],
  };
  const server = synapse(options);
  await server.start();
  await synapseAccount(options, 'ann', 'annpw');
  await hub.serveSignOn(['far', 'matrix']);
  const app = await hub.app('adapter-matrix', 'dist/apps/adapter-matrix/src/main.js', {
    HTTP_PORT: String(appservice),
    NATS_CREDS: await hub.admit('matrix'),
    MATRIX_URL: await through(`http://127.0.0.1:${port}`),
    MATRIX_SERVER_NAME: serverName,
    MATRIX_AS_TOKEN: tokens.asToken,
    MATRIX_HS_TOKEN: tokens.hsToken,
  });
  const ann = await MatrixPhone.dial(`http://127.0.0.1:${port}`, `@ann:${serverName}`, 'annpw');
  return {
    network: 'matrix',
    app,
    server,
    ann,
    ghostOf: (person) => ghostUserId(addressOf(far, person), serverName).userId,
    unknownMessage: `$${'A'.repeat(43)}`,
  };
}
