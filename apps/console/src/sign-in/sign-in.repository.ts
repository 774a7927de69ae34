/** Tables of passwords, second factors, identities of the OpenID provider, and preferences. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { PersonRow } from '#database';
import { placeOf } from '../secrets/sealed-secrets.repository.js';
import { SecretBox } from '../secrets/secret-box.js';

export interface PasswordRow {
  hash: string;
  proven_by: string | null;
}

export interface SecondFactorRow {
  /** In clear; the table has it encrypted. */
  secret: string;
  confirmed_at: Date | null;
  last_step: string;
}

export interface Preference {
  language: string;
  time_zone: string;
}

@Injectable()
export class SignInRepository {
  constructor(
    private readonly database: DataSource,
    private readonly box: SecretBox,
  ) {}

  personByMail(mail: string): Promise<PersonRow | null> {
    return this.database.getRepository(PersonRow).findOneBy({ mail });
  }

  async password(person: string): Promise<PasswordRow | undefined> {
    const [row] = await this.database.query<PasswordRow[]>(
      'SELECT hash, proven_by FROM password WHERE person_id = $1',
      [person],
    );
    return row;
  }

  async setPassword(
    manager: EntityManager,
    person: string,
    { hash, provenBy, at }: { hash: string; provenBy: string | null; at: Date },
  ): Promise<void> {
    await manager.query(
      `INSERT INTO password (person_id, hash, proven_by, changed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (person_id) DO UPDATE SET hash = excluded.hash, proven_by = excluded.proven_by, changed_at = excluded.changed_at`,
      [person, hash, provenBy, at],
    );
  }

  async secondFactor(person: string): Promise<SecondFactorRow | undefined> {
    const [row] = await this.database.query<SecondFactorRow[]>(
      'SELECT secret, confirmed_at, last_step FROM second_factor WHERE person_id = $1',
      [person],
    );
    return row && { ...row, secret: this.box.open(row.secret, placeOf('second_factor', person)) };
  }

  /** Replaces a factor that was not confirmed. @returns false if there is a confirmed one */
  async offerFactor(manager: EntityManager, person: string, secret: string, at: Date): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO second_factor (person_id, secret, created_at) VALUES ($1, $2, $3)
       ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at, last_step = 0
         WHERE second_factor.confirmed_at IS NULL
       RETURNING person_id`,
      [person, this.box.seal(secret, placeOf('second_factor', person)), at],
    );
    return rows.length > 0;
  }

  /** Two requests with the same code: the second one gets false. */
  async useStep(person: string, step: number, manager = this.database.manager): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(
      'UPDATE second_factor SET last_step = $2 WHERE person_id = $1 AND last_step < $2 RETURNING person_id',
      [person, step],
    );
    return rows.length > 0;
  }

  async confirmFactor(manager: EntityManager, person: string, at: Date): Promise<void> {
    await manager.query('UPDATE second_factor SET confirmed_at = $2 WHERE person_id = $1', [person, at]);
  }

  async removeFactor(manager: EntityManager, person: string): Promise<void> {
    await manager.query('DELETE FROM second_factor WHERE person_id = $1', [person]);
  }

  async removePassword(manager: EntityManager, person: string): Promise<void> {
    await manager.query('DELETE FROM password WHERE person_id = $1', [person]);
  }

  /** The person whom the provider knows under this subject. */
  async personOfIdentity(issuer: string, subject: string): Promise<PersonRow | null> {
    const [row] = await this.database.query<{ person_id: string }[]>(
      'SELECT person_id FROM oidc_identity WHERE issuer = $1 AND subject = $2',
      [issuer, subject],
    );
    return row ? this.database.getRepository(PersonRow).findOneBy({ id: row.person_id }) : null;
  }

  /** @returns false if the person has another subject at this provider */
  async linkIdentity(
    manager: EntityManager,
    { issuer, subject, person, at }: { issuer: string; subject: string; person: string; at: Date },
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `INSERT INTO oidc_identity (issuer, subject, person_id, since) SELECT $1, $2, $3, $4
       WHERE NOT EXISTS (SELECT 1 FROM oidc_identity WHERE issuer = $1 AND person_id = $3)
       ON CONFLICT DO NOTHING RETURNING person_id`,
      [issuer, subject, person, at],
    );
    return rows.length > 0;
  }

  async preference(person: string): Promise<Preference | undefined> {
    const [row] = await this.database.query<Preference[]>(
      'SELECT language, time_zone FROM preference WHERE person_id = $1',
      [person],
    );
    return row;
  }

  async setPreference(person: string, language: string, timeZone: string): Promise<void> {
    await this.database.query(
      `INSERT INTO preference (person_id, language, time_zone) VALUES ($1, $2, $3)
       ON CONFLICT (person_id) DO UPDATE SET language = excluded.language, time_zone = excluded.time_zone`,
      [person, language, timeZone],
    );
  }

  /** The organisation that runs a network. */
  async operatorOf(network: string): Promise<{ id: string; name: string } | undefined> {
    const [row] = await this.database.query<{ id: string; name: string }[]>(
      'SELECT o.id, o.name FROM network n JOIN operator o ON o.id = n.operator WHERE n.slug = $1',
      [network],
    );
    return row;
  }
}
