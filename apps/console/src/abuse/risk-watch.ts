/** Judges once a minute. */
import { toHubError } from '#protocol';
import type { Log } from '#service';
import type { RiskService } from './risk.service.js';

const EVERY_MS = 60_000;

export class RiskWatch {
  private running: Promise<unknown> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(risk: RiskService, log: Log) {
    this.timer = setInterval(() => {
      this.running ??= risk
        .judge(new Date())
        .then((stepped) => stepped?.length && log.warn({ networks: stepped }, 'risk of networks changed'))
        .catch((error: unknown) => log.warn({ reason: toHubError(error).detail }, 'risk not judged'))
        .finally(() => (this.running = undefined));
    }, EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }
}
