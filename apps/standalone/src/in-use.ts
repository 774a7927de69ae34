/** Error of a second start in a data folder whose installation is already running. */
import type { StandaloneFile } from './standalone-file.js';

export class InUse extends Error {
  override readonly name = 'InUse';

  /** @param running undefined while it is still starting */
  constructor(folder: string, pid: number, running: StandaloneFile | undefined) {
    const what = running
      ? [
          `  Networks  ${Object.keys(running.networks).join(', ')}`,
          `  Console   ${running.console.url}/docs`,
          `  More      ${folder}/standalone.json; npm run phone and npm run demo use it`,
        ]
      : ['  It is still starting: watch the terminal where it was started.'];
    super(
      [
        `Hutong runs already in ${folder}, as process ${pid}. Nothing was started and nothing was stopped.`,
        '',
        ...what,
        '',
        `To stop it: Ctrl-C in its terminal, or kill ${pid}. To run another one beside it: HUTONG_DATA=other-folder npm start`,
      ].join('\n'),
    );
  }
}
