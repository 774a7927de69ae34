/** At start, makes the keys of the first two admins valid, which are in the settings. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOG, type Log, SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { ApiKeysService } from './api-keys.service.js';

@Injectable()
export class SettingsKeys implements OnApplicationBootstrap {
  constructor(
    private readonly keys: ApiKeysService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { ADMIN_KEY: first, SECOND_ADMIN_KEY: second } = this.settings;
    if (first) await this.keys.ensureSettingsKey(first, 'first admin', this.log);
    if (second) await this.keys.ensureSettingsKey(second, 'second admin', this.log);
  }
}
