/** XMPP: a real Prosody with two accounts, or the server that the environment names. */
import { join, resolve } from 'node:path';
import { findProsody, localTls, prosody, prosodyAccount, type ProsodyOptions } from '#engines';
import { CERTIFY, TEL, type Address } from '#protocol';
import { ghostJid } from '../../../adapter-xmpp/src/jids.js';
import type { Account, House, Resident } from '../house.js';
import { account } from './accounts.js';
import { givenXmpp } from './given.js';

const DOMAIN = 'localhost';
const given = givenXmpp(process.env);
const COMPONENT_DOMAIN = process.env['XMPP_COMPONENT_DOMAIN'] ?? 'hub.localhost';
const USERS = ['alice', 'amy'];
const UPLOAD_MB = 100;

export const xmpp: Resident = {
  slug: 'xmpp',
  name: 'XMPP (Prosody)',

  async open(house) {
    const { say, folder, secrets, ports, supervisor } = house;
    if (given) {
      ports.take('xmpp', given.port);
      ports.take('component', given.componentPort);
      say(`XMPP server ${given.host}:${given.port} (environment)`);
      return true;
    }
    const found = await findProsody(say);
    if (found.kind !== 'found') {
      say(`Prosody cannot be had here: ${found.why}. Going on without the XMPP network. ${found.remedy}`);
      return false;
    }
    const { authorityFile, ...certificate } = await localTls(join(folder, 'tls'), [
      DOMAIN,
      `upload.${DOMAIN}`,
      COMPONENT_DOMAIN,
      '127.0.0.1',
    ]);
    const options: ProsodyOptions = {
      root: found.paths.root,
      folder: join(folder, 'prosody'),
      c2sPort: await ports.choose('xmpp', 5222),
      componentPort: await ports.choose('component', 5347),
      domain: DOMAIN,
      components: [...house.slugs.filter((slug) => slug !== 'xmpp'), TEL, CERTIFY].map(
        (slug) => `${slug}.${COMPONENT_DOMAIN}`,
      ),
      secret: secrets.component,
      upload: { port: await ports.choose('xmpp-upload', 5280), maxMb: UPLOAD_MB },
      tls: { ...certificate, port: await ports.choose('xmpp-tls', 5223) },
      plugins: resolve('docker', 'prosody'),
    };
    await supervisor.run((onCrash) => prosody(options, onCrash));
    for (const { native, password } of people(house))
      await prosodyAccount(options, native.split('@')[0] ?? '', password);
    say(
      `Prosody ${found.version} (${found.from}) on port ${options.c2sPort}; clients trust ${authorityFile}`,
    );
    return true;
  },

  async join({ supervisor, ports, secrets }, bus) {
    await supervisor.app('adapter-xmpp', await ports.choose('adapter-xmpp', 8082), {
      ...bus,
      XMPP_HOST: given?.host ?? '127.0.0.1',
      XMPP_COMPONENT_PORT: String(ports.of('component')),
      XMPP_COMPONENT_DOMAIN: COMPONENT_DOMAIN,
      XMPP_COMPONENT_SECRET: given?.secret ?? secrets.component,
      XMPP_SERVER_DOMAIN: given?.domain ?? DOMAIN,
      ...(given
        ? {}
        : {
            XMPP_UPLOAD_SERVICE: `upload.${DOMAIN}`,
            XMPP_UPLOAD_MB: String(UPLOAD_MB),
            MEDIA_PRIVATE_HOSTS: `127.0.0.1:${ports.of('xmpp-upload')}`,
          }),
    });
  },

  people,
  ghostOf: (_house, { address }) => ghostJid(address as Address, COMPONENT_DOMAIN).jid,
  describe: ({ ports, folder }, common) => ({
    xmpp: {
      host: given?.host ?? '127.0.0.1',
      port: ports.of('xmpp'),
      domain: given?.domain ?? DOMAIN,
      componentDomain: COMPONENT_DOMAIN,
      ...(given
        ? {}
        : { tls: { port: ports.of('xmpp-tls'), authorityFile: join(folder, 'tls', 'authority.crt') } }),
      ...common,
    },
  }),
};

function people({ secrets }: House): Account[] {
  if (given) return given.accounts;
  return USERS.map((user) => account('xmpp', `${user}@${DOMAIN}`, secrets.passwordOf(user)));
}
