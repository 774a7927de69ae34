/** Signs checkpoints of the audit log when they are due. The start waits for the first one. */
import type { KeyObject } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker, SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { signingKeyIn } from './signing-key.js';

const ROUND_MS = 60_000;
/** Default path: in the folder of BUS_AUTHORITY. */
const KEY_FILE = 'audit-signing-key.pem';

@Injectable()
export class CheckpointSigner extends PeriodicWorker {
  private key: KeyObject | undefined;

  constructor(
    private readonly checkpoints: AuditCheckpoints,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(LOG) log: Log,
  ) {
    super(ROUND_MS, 'signing of audit checkpoints', log);
  }

  override async onApplicationBootstrap(): Promise<void> {
    const { AUDIT_SIGNING_KEY: file, BUS_AUTHORITY: authority } = this.settings;
    this.key = signingKeyIn(file ?? join(dirname(authority), KEY_FILE));
    this.checkpoints.signedWith(this.key);
    await this.sign(this.key, true);
    await super.onApplicationBootstrap();
  }

  async round(): Promise<void> {
    if (this.key) await this.sign(this.key, false);
  }

  private async sign(key: KeyObject, atOnce: boolean): Promise<void> {
    await this.checkpoints.sign(key, atOnce);
    const { AUDIT_CHECKPOINT_FILE: file } = this.settings;
    if (file) await this.checkpoints.appendTo(file);
  }
}
