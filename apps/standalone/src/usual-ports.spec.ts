import { NETWORKS } from './networks.js';
import { USUAL_PORTS } from './usual-ports.js';

test('no two programs of npm start want the same port', () => {
  const wanted = [
    ...Object.entries(USUAL_PORTS),
    ...NETWORKS.flatMap(({ standalone }) => Object.entries(standalone?.ports ?? {})),
  ];
  const namesOf = (port: number) => wanted.flatMap(([name, usual]) => (usual === port ? [name] : []));
  expect(
    wanted.flatMap(([, port]) => (namesOf(port).length > 1 ? [{ port, names: namesOf(port) }] : [])),
  ).toEqual([]);
  expect(wanted.length).toBeGreaterThan(NETWORKS.length);
});
