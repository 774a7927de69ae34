/** Matrix: a real Synapse with two accounts, or the homeserver that the environment names. */
import { join } from 'node:path';
import { findSynapse, synapse, synapseAccount, type SynapseOptions } from '#engines';
import type { Address } from '#protocol';
import { registrationFile } from '../../../adapter-matrix/src/registration.js';
import { ghostUserId } from '../../../adapter-matrix/src/user-ids.js';
import type { Account, House, Resident } from '../house.js';
import { writeSecretFile } from '../secrets.js';
import { account } from './accounts.js';
import { givenMatrix } from './given.js';

const given = givenMatrix(process.env);
const SERVER = given?.serverName ?? 'matrix.localhost';
const USERS = ['bob', 'ben'];

export const matrix: Resident = {
  slug: 'matrix',
  name: 'Matrix (Synapse)',

  async open(house) {
    const { say, folder, secrets, ports, supervisor } = house;
    if (given) {
      ports.take('adapter-matrix', given.adapterPort);
      say(`Matrix homeserver ${given.baseUrl} (environment)`);
      return true;
    }
    const found = await findSynapse(say);
    if (found.kind !== 'found') {
      say(`Synapse cannot be had here: ${found.why}. Going on without the Matrix network. ${found.remedy}`);
      return false;
    }
    const registration = registrationFile({
      id: 'hutong',
      url: `http://127.0.0.1:${await ports.choose('adapter-matrix', 9009)}`,
      asToken: secrets.asToken,
      hsToken: secrets.hsToken,
      serverName: SERVER,
    });
    const options: SynapseOptions = {
      root: found.paths.root,
      folder: join(folder, 'synapse'),
      port: await ports.choose('synapse', 8008),
      serverName: SERVER,
      registrationSecret: secrets.registration,
      registrations: [writeSecretFile(folder, 'matrix-registration.yaml', registration)],
    };
    await supervisor.run((onCrash) => synapse(options, onCrash));
    for (const { native, password } of people(house))
      await synapseAccount(options, native.slice(1, native.indexOf(':')), password);
    say(`Synapse ${found.version} (${found.from}) on port ${options.port}`);
    return true;
  },

  async join({ supervisor, ports, secrets }, bus) {
    await supervisor.app('adapter-matrix', ports.of('adapter-matrix'), {
      ...bus,
      MATRIX_URL: given?.baseUrl ?? `http://127.0.0.1:${ports.of('synapse')}`,
      MATRIX_SERVER_NAME: SERVER,
      MATRIX_AS_TOKEN: given?.asToken ?? secrets.asToken,
      MATRIX_HS_TOKEN: given?.hsToken ?? secrets.hsToken,
    });
  },

  people,
  ghostOf: (_house, { address }) => ghostUserId(address as Address, SERVER).userId,
  describe: ({ ports }, common) => ({
    matrix: {
      baseUrl: given?.baseUrl ?? `http://127.0.0.1:${ports.of('synapse')}`,
      serverName: SERVER,
      ...common,
    },
  }),
};

function people({ secrets }: House): Account[] {
  if (given) return given.accounts;
  return USERS.map((user) => account('matrix', `@${user}:${SERVER}`, secrets.passwordOf(user)));
}
