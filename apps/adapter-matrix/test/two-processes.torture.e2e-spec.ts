/** Two processes of the Matrix adapter before one Synapse, which sends its transactions to the one that works. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSynapse, freePort, synapse, synapseAccount } from '#engines';
import { addressOf } from '#protocol';
import { far } from '../../../test/contract/keeps-the-contract.js';
import { takesItsPlace } from '../../../test/contract/takes-its-place.js';
import { engineOrSkip } from '../../../test/support/engines.js';
import { loadBalancer } from '../../../test/support/load-balancer.js';
import { MatrixPhone } from '../phone/matrix.phone.js';
import { registrationFile } from '../src/registration.js';
import { ghostUserId } from '../src/user-ids.js';

const paths = await engineOrSkip('Synapse', findSynapse);
const SERVER = 'suite.test';
const TOKENS = { asToken: 'as-token-for-the-suite', hsToken: 'hs-token-for-the-suite' };

(paths ? describe : describe.skip)('on Synapse', () =>
  takesItsPlace(async (hub) => {
    const port = await freePort();
    const balancer = await loadBalancer();
    const registration = join(hub.folder, 'registration.yaml');
    writeFileSync(
      registration,
      registrationFile({ id: 'hutong', url: balancer.url, ...TOKENS, serverName: SERVER }),
    );
    const options = {
      root: paths?.root ?? '',
      folder: join(hub.folder, 'synapse'),
      port,
      serverName: SERVER,
      registrationSecret: 'registration-secret',
      registrations: [registration],
    };
    const server = synapse(options);
    await server.start();
    await synapseAccount(options, 'ann', 'annpw');
    const url = `http://127.0.0.1:${port}`;
    return {
      slug: 'matrix',
      settings: () => ({
        MATRIX_URL: url,
        MATRIX_SERVER_NAME: SERVER,
        MATRIX_AS_TOKEN: TOKENS.asToken,
        MATRIX_HS_TOKEN: TOKENS.hsToken,
      }),
      lead: (app) => void balancer.to.splice(0, balancer.to.length, app.url),
      ann: await MatrixPhone.dial(url, `@ann:${SERVER}`, 'annpw'),
      sue: ghostUserId(addressOf(far, 'sue'), SERVER).userId,
      close: async () => {
        await server.stop();
        balancer.stop();
      },
    };
  }),
);
