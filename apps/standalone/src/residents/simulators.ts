/** One process for all networks that cannot be had: which of them live here, and who is on them. */
import { writeSecretFile } from '../secrets.js';
import type { House, Resident } from '../house.js';
import type { SimulatorsFile } from '../simulators-file.js';
import { fetionAccounts } from './fetion.js';
import { platformOptions } from './platforms.js';

/** Nobody's account: there for `npm run certify`. */
const FEILIAO_LOOPBACK = '+8613900139099';
const SIMULATED = new Set(['fetion', 'wechat', 'yixin', 'feiliao']);

export async function startSimulators(house: House, residents: Resident[]): Promise<void> {
  const simulated = residents.filter(({ slug }) => SIMULATED.has(slug));
  if (simulated.length === 0) return;
  const { ports, secrets, supervisor, folder } = house;
  const has = (slug: string) => simulated.some((resident) => resident.slug === slug);
  const file: SimulatorsFile = {
    usersPort: await ports.choose('simulated-people', 8090),
    ...(has('fetion')
      ? {
          fetion: {
            httpPort: ports.of('fetion-http'),
            sipcPort: ports.of('fetion-sipc'),
            accounts: fetionAccounts(house),
          },
        }
      : {}),
    ...(has('wechat') ? { wechat: platformOptions(house, 'wechat') } : {}),
    ...(has('yixin') ? { yixin: platformOptions(house, 'yixin') } : {}),
    open: has('feiliao')
      ? [
          {
            name: 'feiliao',
            key: secrets.keyOf('feiliao'),
            transport: 'webhook',
            port: ports.of('feiliao'),
            adapterUrl: `http://127.0.0.1:${ports.of('adapter-feiliao')}`,
            identity: '^\\+[1-9]\\d{5,14}$',
          },
        ]
      : [],
    loopbacks: has('feiliao') ? [{ network: 'feiliao', native: FEILIAO_LOOPBACK }] : [],
    people: simulated.flatMap((resident) =>
      resident.people(house).map(({ native }) => ({
        network: resident.slug,
        native,
        ...(resident.slug === 'fetion' ? { act: { do: 'appear', state: '400' } as const } : {}),
      })),
    ),
  };
  await supervisor.script(
    'simulators',
    [
      'dist/apps/standalone/src/simulators.main.js',
      writeSecretFile(folder, 'simulators.json', JSON.stringify(file)),
    ],
    `http://127.0.0.1:${file.usersPort}/${simulated[0]?.slug ?? ''}`,
  );
}
