/** At start, gives the admins of the settings their first passwords. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOG, type Log, SETTINGS } from '#service';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { hashOfPassword } from './password-hash.js';
import { mailOf } from './sign-in.service.js';
import { SignInRepository } from './sign-in.repository.js';

@Injectable()
export class SettingsPasswords implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly rows: SignInRepository,
    private readonly audit: AuditService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(LOG) private readonly log: Log,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Runs after `SettingsKeys`, which adds these people: its module is imported by this one. */
  async onApplicationBootstrap(): Promise<void> {
    const { ADMIN_PASSWORD: first, SECOND_ADMIN_PASSWORD: second } = this.settings;
    if (first !== undefined) await this.ensure('first-admin', first);
    if (second !== undefined) await this.ensure('second-admin', second);
  }

  private async ensure(name: string, password: string): Promise<void> {
    const person = await this.rows.personByMail(mailOf(name));
    if (!person) {
      this.log.warn(`the password of ${name} in the settings is ignored: set the key of this admin as well`);
      return;
    }
    if (await this.rows.password(person.id)) return;
    const hash = await hashOfPassword(password);
    await this.database.transaction(async (manager) => {
      await this.rows.setPassword(manager, person.id, { hash, provenBy: null, at: this.clock() });
      await this.audit.record(manager, {
        by: 'hub',
        action: 'person.password-set',
        subject: `person/${person.id}`,
        reason: 'from the settings of the console',
        change: null,
      });
    });
  }
}
