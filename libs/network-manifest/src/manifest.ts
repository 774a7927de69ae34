/**
 * Everything that the rest of the repository must know of one network. A network is the folder apps/adapter-<network>, whose
 * src/network.ts exports manifests, and one line in apps/standalone/src/networks.ts.
 */
import type { z } from 'zod';
import type { AdapterModule } from '#adapter-kit';
import type { Capabilities } from '#protocol';
import type { SimulatedNetwork } from '#simulators';
import type { Account } from './account.js';
import type { Installation } from './installation.js';
import type { NativeThings } from './native-things.js';
import type { NetworkPerson } from './person.js';

export interface NetworkManifest {
  readonly slug: string;
  /** The slug is an English word: the lint rule against names of networks looks for it in names of folders only. */
  readonly slugIsAWord?: true;
  /** As it stands in the register of members. */
  readonly name: string;
  /** Folder in apps/, whose main.ts runs the adapter as a process of its own. */
  readonly app: string;
  readonly settings: z.ZodObject;
  /** As the adapter declares them when it starts with the settings of `environment`. */
  readonly capabilities: Capabilities;
  /** Loads the code of the adapter. */
  module(): Promise<AdapterModule>;
  /** How `npm start` runs it; absent: other installations only. */
  readonly standalone?: StandaloneNetwork;
  /** Where one adapter serves several kinds of network: their capability documents by name. Absent: `capabilities`. */
  readonly profiles?: Readonly<Record<string, Capabilities>>;
  /** Documents about this network, as JSON in docs/generated, by file name. */
  documents?(): Promise<Record<string, object>>;
  /** What becomes of native things without a canonical form. Absent: everything that people can send has one. */
  nativeThings?(): Promise<NativeThings>;
  /** How docker/compose.yaml runs it; of networks with one folder, one manifest has it. */
  readonly deployment?: Deployment;
}

export interface Deployment {
  /** Where the adapter answers inside its container. */
  readonly port: number;
  /** The network calls the adapter: its port is published on this machine. */
  readonly isCalled?: true;
  /** Settings of the adapter, without those of the bus; `${NAME:-default}` is read from docker/.env. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface StandaloneNetwork {
  /** Ports by name with the usual number of each, chosen before anything starts; `adapter-<slug>` is the adapter's. */
  readonly ports: Readonly<Record<string, number>>;
  /** Starts the network's own server. @returns false when it cannot be had here, which it has said with a remedy */
  open?(installation: Installation): Promise<boolean>;
  /** A network that cannot be had is simulated, in the process of all simulators. */
  readonly simulator?: Simulator;
  /** Settings of the adapter, without those of the bus. */
  environment(installation: Installation): NodeJS.ProcessEnv;
  /** The adapter waits for somebody who is not here yet: it counts as ready without its network. */
  readonly waits?: boolean;
  people(installation: Installation): Account[];
  /** How tests and the demo act as one of these people; absent where there are none. */
  readonly person?: NetworkPerson;
  /** How a person of another network is written to from this one. */
  ghostOf(installation: Installation, foreign: Account): string;
  /** Its part of data/standalone.json, beside accounts and ghosts. */
  describe(installation: Installation): object;
  /** Lines of the help of `npm start`, about the settings of a server of one's own. */
  readonly help?: readonly string[];
  /** Lines of the welcome that say how to connect, without people; a simulated network is played by phone. */
  welcome?(part: NetworkPart): string[];
}

export interface Simulator<Options = never> {
  /** What the process of the simulators is given, as JSON. */
  options(installation: Installation): object;
  start(options: Options, people: readonly string[]): Promise<SimulatedNetwork>;
  /** The one account that everybody is written to through, where there is one. */
  channel?(installation: Installation): string;
  /** One of its people, as the help of the terminal phone names them. */
  readonly example: string;
  /** The native id that a word of the terminal phone stands for. */
  nativeOf?(word: string): string;
}

/** One network in data/standalone.json. */
export interface NetworkPart {
  accounts: Account[];
  /** How each person of another network is written to from this one, by address. */
  ghostOf: Record<string, string>;
  /** Simulated: where its people are played. */
  usersUrl?: string;
  language?: Capabilities['language'];
  channel?: string;
}
