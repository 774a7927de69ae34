/** Checkpoints of the audit log: signs and lists them, and appends them to a file that can be kept on another host. */
import type { KeyObject } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ApiProblem } from '#http';
import { AuditService } from './audit.service.js';
import { firstBroken, GENESIS } from './chain.js';
import { publicKeyOf, signedCheckpoint, type Checkpoint } from './checkpoint.js';
import { checkpointsAfter, insertCheckpoint, lastCheckpoint } from './audit.repository.js';

/** A checkpoint is signed after this number of entries, or when there are new entries and the last checkpoint is this old. */
const EVERY_ENTRIES = 100;
const EVERY_MS = 3600_000;
const CHUNK = 1000;

@Injectable()
export class AuditCheckpoints {
  private readonly log = new Logger('audit');
  private key: KeyObject | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
  ) {}

  /** Private key that signs; the API publishes its public key. */
  signedWith(key: KeyObject): void {
    this.key = key;
  }

  /** @throws ApiProblem while the console starts */
  get publicKey(): string {
    if (!this.key)
      throw new ApiProblem(
        'unavailable',
        'the console is starting and has not read the signing key yet: try again',
      );
    return publicKeyOf(this.key);
  }

  /** Oldest first. */
  list(after: number, limit: number): Promise<Checkpoint[]> {
    return checkpointsAfter(this.database, after, limit);
  }

  /** Signs a checkpoint if one is due. @param now at start: sign at once if there are new entries */
  async sign(key: KeyObject, now = false): Promise<Checkpoint | undefined> {
    const last = await this.last();
    const head = await this.unbrokenSince(last);
    if (!head || head.seq === last.seq) return undefined;
    const isOld = Date.now() - last.at.getTime() >= EVERY_MS;
    if (!now && !isOld && head.seq - last.seq < EVERY_ENTRIES) return undefined;
    const checkpoint = signedCheckpoint(key, head, new Date());
    await insertCheckpoint(this.database, checkpoint);
    return checkpoint;
  }

  /** Appends checkpoints that are not in the file yet, one line of JSON each. */
  async appendTo(file: string): Promise<void> {
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    const lastLine = lines.at(-1);
    let after = lastLine ? (JSON.parse(lastLine) as Checkpoint).seq : 0;
    for (;;) {
      const chunk = await this.list(after, CHUNK);
      if (chunk.length === 0) return;
      append(file, chunk.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(''));
      after = chunk.at(-1)?.seq ?? after;
    }
  }

  private async last(): Promise<{ seq: number; hash: string; at: Date }> {
    const last = await lastCheckpoint(this.database);
    return last
      ? { seq: last.seq, hash: last.hash, at: new Date(last.at) }
      : { seq: 0, hash: GENESIS, at: new Date(0) };
  }

  /** @throws if the log was changed since the last checkpoint: it is then not signed, and the last checkpoint is the proof. @returns the last entry */
  private async unbrokenSince(checkpoint: {
    seq: number;
    hash: string;
  }): Promise<{ seq: number; hash: string } | undefined> {
    let last = checkpoint;
    for (;;) {
      const chunk = await this.audit.list('oldest', last.seq, CHUNK);
      const broken = firstBroken(chunk, last);
      if (broken !== undefined) {
        this.log.error(
          `entry ${broken} of the audit log does not match the checkpoint of entry ${checkpoint.seq}: the log was changed, no further checkpoints are signed`,
        );
        return undefined;
      }
      last = chunk.at(-1) ?? last;
      if (chunk.length < CHUNK) return last;
    }
  }
}

function append(file: string, text: string): void {
  appendFileSync(file, text, { mode: 0o600 });
  const descriptor = openSync(file, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
