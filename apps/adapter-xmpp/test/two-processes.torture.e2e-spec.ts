/** Two processes of the XMPP adapter with the components of one Prosody, which takes one connection for each. */
import { join } from 'node:path';
import { findProsody } from '#engines';
import { addressOf } from '#protocol';
import { far } from '../../../test/contract/keeps-the-contract.js';
import { takesItsPlace } from '../../../test/contract/takes-its-place.js';
import { engineOrSkip } from '../../../test/support/engines.js';
import { startProsody } from '../../../test/support/prosody.js';
import { ghostJid } from '../src/jids.js';
import { annAt, plugins } from './xmpp.home.js';

const paths = await engineOrSkip('Prosody', findProsody);

(paths ? describe : describe.skip)('on Prosody', () =>
  takesItsPlace(async (hub) => {
    const { server, c2sPort, componentPort } = await startProsody(
      {
        root: paths?.root ?? '',
        folder: join(hub.folder, 'prosody'),
        domain: 'localhost',
        components: ['far.hub.localhost'],
        secret: 'component-secret',
        plugins,
      },
      { ann: 'annpw' },
    );
    return {
      slug: 'xmpp',
      settings: () => ({
        XMPP_COMPONENT_PORTS: `far:${componentPort}`,
        XMPP_COMPONENT_DOMAIN: 'hub.localhost',
        XMPP_COMPONENT_SECRET: 'component-secret',
        XMPP_SERVER_DOMAIN: 'localhost',
      }),
      ann: await annAt(c2sPort),
      sue: ghostJid(addressOf(far, 'sue'), 'hub.localhost').jid,
      close: () => server.stop(),
    };
  }),
);
