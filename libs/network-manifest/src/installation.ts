/** Properties of a standalone installation that the manifest of each network can use. */
import type { Child, Say } from '#engines';
import type { Ports } from './ports.js';

export interface Installation {
  /** Data folder. */
  readonly folder: string;
  readonly say: Say;
  readonly secrets: InstallationSecrets;
  readonly supervisor: ServerSupervisor;
  readonly ports: Ports;
  /** Slugs of all networks of this installation. */
  readonly slugs: readonly string[];
}

/** Made at the first start and kept in the data folder. */
export interface InstallationSecrets {
  readonly component: string;
  readonly asToken: string;
  readonly hsToken: string;
  readonly registration: string;
  /** 43 characters of base64 for 32 bytes. */
  readonly aesKey: string;
  passwordOf(name: string): string;
  keyOf(name: string): string;
}

export interface ServerSupervisor {
  /** Starts a server and keeps it running. @throws when it does not start the first time */
  run(make: (onCrash: (how: string) => void) => Child): Promise<Child>;
}
