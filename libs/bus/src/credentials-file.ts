/**
 * A NATS credentials file. It is read at every connection, so renewing or replacing credentials means writing the file.
 * Several processes may share one.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createUser, decode, fmtCreds, type User } from '@nats-io/jwt';
import './ed25519.js';

export interface CredentialFacts {
  publicKey: string;
  issuedAt: Date;
  /** undefined: they do not expire. */
  expiresAt: Date | undefined;
  /** Subjects to which they permit to publish, with wildcards. */
  publishes: readonly string[];
}

class NotCredentials extends Error {
  override readonly name = 'NotCredentials';
}

/** @throws NotCredentials when the text is not that of a credentials file */
export function factsOf(credentials: string): CredentialFacts {
  const jwt = /-----BEGIN NATS USER JWT-----\s*(\S+)/.exec(credentials)?.[1];
  if (jwt === undefined) throw new NotCredentials('not a NATS credentials file');
  const { sub, iat, exp, nats } = claimsIn(jwt);
  return {
    publicKey: sub,
    issuedAt: new Date(iat * 1000),
    expiresAt: exp === undefined ? undefined : new Date(exp * 1000),
    publishes: nats.pub?.allow ?? [],
  };
}

function claimsIn(jwt: string): ReturnType<typeof decode<User>> {
  try {
    return decode<User>(jwt);
  } catch (cause) {
    throw new NotCredentials('the NATS credentials file is damaged', { cause });
  }
}

export function isStillValid(credentials: string, now: Date = new Date()): boolean {
  try {
    const { expiresAt } = factsOf(credentials);
    return expiresAt === undefined || expiresAt > now;
  } catch (error) {
    if (error instanceof NotCredentials) return false;
    throw error;
  }
}

export class CredentialsFile {
  constructor(readonly path: string) {}

  read(): string {
    return readFileSync(this.path, 'utf8');
  }

  /** Replaces the file atomically, also if the power fails. Only its owner can read it. */
  replace(credentials: string): void {
    const part = `${this.path}.${process.pid}.part`;
    writeFileSync(part, credentials, { mode: 0o600, flush: true });
    renameSync(part, this.path);
  }
}

export interface NewUser {
  publicKey: string;
  /** The credentials file for the JWT that the hub signed. */
  credentials(jwt: string): string;
}

/** A key pair. The private key leaves this process only in the credentials file. */
export function newUser(): NewUser {
  const user = createUser();
  return {
    publicKey: user.getPublicKey(),
    credentials: (jwt) => new TextDecoder().decode(fmtCreds(jwt, user)),
  };
}
