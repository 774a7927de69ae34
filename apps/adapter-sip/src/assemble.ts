/** Makes the parts of the adapter and joins them. */
import { systemClock } from '#adapter-session';
import type { Hub } from '#adapter-kit';
import { nativeOf } from '#protocol';
import { runInBackground, SettingsError, type Log } from '#service';
import { callbackRule } from './calls/callback-rule.js';
import { CallPlaces } from './calls/call-places.js';
import { CallWords } from './calls/call-words.js';
import { CallRecords } from './calls/call-records.js';
import { Calls } from './calls/calls.js';
import { WordsAboutCalls } from './calls/words-about-calls.js';
import { Contacts } from './contacts.js';
import { Delivery } from './delivery.js';
import { Ghosts } from './ghosts.js';
import { Inbound } from './inbound.js';
import { Phones } from './phones.js';
import { Publications } from './publications.js';
import { Registrar } from './registrar.js';
import { requestHandlers } from './request-handlers.js';
import { readAccounts, type SipAccount, type SipSettings } from './sip.config.js';
import { SipConnection } from './sip.connection.js';
import { Subscriptions } from './subscriptions.js';
import type { Flow } from './stack/flow.js';
import { Speech } from './voice/speech.js';
import { SpokenMessages } from './voice/spoken-messages.js';
import { Trunk } from './trunk.js';
import type { Uris } from './uris.js';

/** What exists between the start of the adapter and its stop. */
export interface Running {
  hub: Hub;
  accounts: ReadonlyMap<string, SipAccount>;
  calls: Calls;
  contacts: Contacts;
  delivery: Delivery;
  trunk: Trunk | undefined;
  /** undefined: messages are not spoken. */
  spoken: SpokenMessages | undefined;
  stop(): Promise<void>;
}

/** @throws SettingsError for a file that cannot be read, and when a port is taken */
export async function assemble(settings: SipSettings, uris: Uris, hub: Hub, log: Log): Promise<Running> {
  const accounts = readAccounts(settings.SIP_ACCOUNTS);
  const { SIP_MIN_EXPIRES: minExpires, SIP_MAX_EXPIRES: maxExpires } = settings;
  const registrar = new Registrar({ memory: hub.memory, minExpires, maxExpires });
  await registrar.load();
  // Requests come only when the connection is open, and then every part exists.
  const publications: Publications = new Publications({
    clock: systemClock,
    maxExpires,
    changed: (user, presence) => contacts.changed(user, presence),
  });
  const subscriptions: Subscriptions = new Subscriptions({
    clock: systemClock,
    log,
    maxExpires,
    contact: () => connection.contact,
    send: (request, flow) => connection.endpoint.request(request, flow),
  });
  const contacts: Contacts = new Contacts({
    hub,
    subscriptions,
    publications,
    addressOf: (user) => uris.ownAddress(user),
    tell: (user, event) => parts.delivery.tellOfRequest(user, event),
  });
  const inbound = new Inbound({
    hub,
    uris,
    relay: (caller, to, request) => parts.delivery.relay(caller, to, request),
  });
  const parts: { delivery: Delivery; trunk: Trunk | undefined; calls: Calls } = {
    delivery: undefined as never,
    trunk: undefined,
    calls: undefined as never,
  };
  const isTrunk = (flow: Parameters<Trunk['owns']>[0]) => parts.trunk?.owns(flow) ?? false;
  const records = new CallRecords({
    memory: hub.memory,
    submit: (draft) => hub.submitCall(draft),
    lineTo: (own, end) => places.again(end, nativeOf(own)),
    log,
  });
  const endLeftCalls = await records.left();
  const kept = new WordsAboutCalls({
    memory: hub.memory,
    delivery: { send: (...message) => parts.delivery.send(...message) },
    log,
  });
  await kept.load();
  const registered = (user: string) => kept.registered(user);
  const handlers = requestHandlers({ registrar, inbound, publications, contacts, isTrunk, registered });
  const connection = await SipConnection.open({
    settings,
    accounts,
    uris,
    log,
    handlers,
    calls: () => parts.calls,
  });
  const ghosts = new Ghosts(hub, uris);
  const phones = new Phones(connection.endpoint, registrar, log);
  parts.trunk = openTrunk(settings, connection, log);
  parts.delivery = new Delivery({
    log,
    uris,
    accounts,
    phones,
    ghosts,
    trunk: parts.trunk,
  });
  const { SIP_TRUNK_CALLS: mostOnTrunk } = settings;
  const { endpoint } = connection;
  const { delivery, trunk } = parts;
  const contactFor = (flow: Flow) => connection.contactFor(flow);
  const trunkCalls = mostOnTrunk > 0;
  const places = new CallPlaces({ endpoint, contactFor, uris, delivery, phones, trunk, trunkCalls });
  parts.calls = new Calls({
    hub,
    log,
    clock: systemClock,
    places,
    words: new CallWords({ delivery, kept, uris, log }),
    records,
    remote: (uri) => inbound.remote(uri),
    addressOf: (native) => uris.ownAddress(native),
    mostOnTrunk,
    callback: callbackRule(settings.SIP_CALLBACK),
  });
  const spoken = speechOf(settings, ghosts, parts.calls, log);
  const stopping = new AbortController();
  runInBackground('calls of a process that is gone', log, () => endLeftCalls(stopping.signal));
  const stop = async (): Promise<void> => {
    stopping.abort();
    await parts.calls.stop();
    phones.stopping = true;
    parts.trunk?.stop();
    subscriptions.stop();
    publications.stop();
    await connection.endpoint.close();
  };
  return { hub, accounts, contacts, ...parts, spoken, stop };
}

function openTrunk(settings: SipSettings, { endpoint, contact }: SipConnection, log: Log): Trunk | undefined {
  const { SIP_TRUNK_HOST: host } = settings;
  // Compose files give an empty value for a variable that is not set.
  if (!host) return undefined;
  return new Trunk({
    endpoint,
    log,
    host,
    port: settings.SIP_TRUNK_PORT,
    transport: settings.SIP_TRUNK_TRANSPORT,
    domain: settings.SIP_TRUNK_DOMAIN ?? host,
    user: settings.SIP_TRUNK_USER || undefined,
    password: settings.SIP_TRUNK_PASSWORD || undefined,
    route: settings.SIP_TRUNK_ROUTE || undefined,
    caller: settings.SIP_TRUNK_CALLER || undefined,
    contact: () => contact,
  });
}

function speechOf(settings: SipSettings, ghosts: Ghosts, calls: Calls, log: Log): SpokenMessages | undefined {
  const [program, ...before] = (settings.SIP_SPEECH ?? '').split(' ').filter(Boolean);
  const { SIP_SOUND_ADDRESS: address } = settings;
  if (program === undefined) return undefined;
  if (address === undefined) throw new SettingsError('SIP_SOUND_ADDRESS: needed with SIP_SPEECH');
  return new SpokenMessages({
    speech: new Speech([program, ...before]),
    address,
    clock: systemClock,
    log,
    nameOf: (party) => ghosts.nameOf(party),
    call: (...words) => calls.callOut(...words),
  });
}
