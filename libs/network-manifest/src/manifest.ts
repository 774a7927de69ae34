/**
 * Everything that the rest of the repository needs to know about one network. A network is the folder apps/adapter-<network>, whose
 * src/network.ts exports manifests, and one line in apps/standalone/src/networks.ts.
 */
import type { z } from 'zod';
import type { AdapterModule } from '#adapter-kit';
import type { Capabilities, LadderStep, Route } from '#protocol';
import type { SimulatedNetwork } from '#simulators';
import type { Account } from './account.js';
import type { Installation } from './installation.js';
import type { NativeThings } from './native-things.js';
import type { NetworkPerson } from './person.js';
import type { PhoneLook } from './phone-look.js';

export interface NetworkManifest {
  readonly slug: string;
  /** The slug is a word of the trade or of English: the lint rule against names of networks looks for it in names of folders only. */
  readonly slugIsAWord?: true;
  /** Display name in the registry. */
  readonly name: string;
  /** Folder in apps/, whose main.ts runs the adapter as a process of its own. */
  readonly app: string;
  readonly settings: z.ZodObject;
  /** The capabilities that the adapter declares when it starts with the settings of `environment`. */
  readonly capabilities: Capabilities;
  /** Loads the code of the adapter. */
  module(): Promise<AdapterModule>;
  /** How `npm start` runs the network. Absent: `npm start` does not run it. */
  readonly standalone?: StandaloneNetwork;
  /** Capability documents by name, if one adapter serves several kinds of network. Absent: `capabilities`. */
  profiles?(): Readonly<Record<string, Capabilities>>;
  /** Documents about this network, as JSON in docs/generated, by file name. */
  documents?(): Promise<Record<string, object>>;
  /** How native content without a canonical form arrives. Absent: all content that people can send has a canonical form. */
  nativeThings?(): Promise<NativeThings>;
  /** How docker/compose.yaml runs the adapter. If several networks share a folder, one of their manifests has it. */
  readonly deployment?: Deployment;
}

export interface Deployment {
  /** Port of the adapter inside its container. */
  readonly port: number;
  /** The network calls the adapter: its port is published on this machine. */
  readonly isCalled?: true;
  /** Settings of the adapter, without those of the bus; `${NAME:-default}` is read from docker/.env. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface StandaloneNetwork {
  /** Ports by name with the usual number of each, chosen before anything starts; `adapter-<slug>` is the adapter's. */
  readonly ports: Readonly<Record<string, number>>;
  /** Starts the network's own server. @returns false when it is not available on this machine; the reason and a remedy were printed */
  open?(installation: Installation): Promise<boolean>;
  /** A network whose real server is not available is simulated, in the process of all simulators. */
  readonly simulator?: Simulator;
  /** Settings of the adapter, without those of the bus. */
  environment(installation: Installation): NodeJS.ProcessEnv;
  /** Telephone numbers that lead to the network from its first start on. */
  readonly routes?: readonly Omit<Route, 'network'>[];
  /** In which other ways messages to its numbers go that it does not take, from its first start on. */
  readonly ladder?: readonly LadderStep[];
  /** The adapter waits for a connection from the network, which comes later: it counts as ready without it. */
  readonly waits?: boolean;
  people(installation: Installation): Account[];
  /** How tests and the demo act as one of these people; absent where there are none. */
  readonly person?: NetworkPerson;
  /** How its phone looks on the wall of phones. Absent: its people have no phone there. */
  readonly look?: PhoneLook;
  /** How a person of this network addresses a person of a remote network. */
  ghostOf(installation: Installation, foreign: Account): string;
  /** Its part of data/standalone.json, in addition to accounts and ghosts. */
  describe(installation: Installation): object;
  /** Lines of the help of `npm start` about the settings for an existing server. */
  readonly help?: readonly string[];
  /** Lines of the welcome that say how to connect, without people; a simulated network is played by phone. */
  welcome?(part: NetworkPart): string[];
}

export interface Simulator<Options = never> {
  /** Options that are passed to the process of the simulators, as JSON. */
  options(installation: Installation): object;
  start(options: Options, people: readonly string[]): Promise<SimulatedNetwork>;
  /** The bot account, if people of remote networks are reached through one. */
  channel?(installation: Installation): string;
  /** One of its people, by the name in the help of the terminal phone. */
  readonly example: string;
  /** The native id for a short name on the terminal phone. */
  nativeOf?(word: string): string;
}

/** One network in data/standalone.json. */
export interface NetworkPart {
  accounts: Account[];
  /** How people of this network address each person of a remote network, by canonical address. */
  ghostOf: Record<string, string>;
  /** URL at which the people of a simulated network are controlled. */
  usersUrl?: string;
  language?: Capabilities['language'];
  channel?: string;
}
