/**
 * Collections that live as long as their object grow with people, conversations or messages unless something limits them.
 * Each empty map, set or list that a class or a module keeps is an `LruCache`, or its comment says what it is "bounded by", or
 * it is in this list.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Run in production. */
const SOURCES = /^(apps|libs)\/[\w-]+\/src\//;
const TESTS =
  /\.spec\.ts$|int-spec\.ts$|\.plays\.ts$|\.contract\.ts$|\/testing\/|\.d\.ts$|^libs\/(adapter-contract|certification|simulators|phones|engines)\//;

/** By what it is bounded: file and name of each collection. */
const BOUNDED: Record<string, string[]> = {
  'the member networks, their lanes and instances': [
    'apps/console/src/live-events/event-feed.ts counts',
    'apps/console/src/live-events/event-feed.ts states',
    'apps/web/src/api/live-news.ts states',
    'apps/adapter-xmpp/src/component-streams.ts connections',
    'apps/console/src/credentials/account-publisher.ts unconfirmed',
    'apps/console/src/credentials/flood-guard.ts released',
    'apps/console/src/credentials/traffic-meter.ts samples',
    'apps/console/src/inventory/bus-inventory.ts lost',
    'apps/console/src/networks/event-failures.ts counted',
    'apps/console/src/networks/liveness-notice.ts known',
    'apps/console/src/networks/outbound-consumers.ts arranged',
    'apps/console/src/networks/liveness.ts facts',
    'apps/console/src/networks/liveness.ts heard',
    'apps/console/src/networks/liveness.ts ignored',
    'apps/console/src/registry/registry-publisher.ts refused',
    'apps/recorder/src/trace/stream-recorder.ts readers',
    'apps/switch/src/expiry/expiry-sweeper.ts lists',
    'apps/switch/src/lanes/network-lanes.ts lanes',
    'apps/switch/src/lanes/network-lanes.ts started',
    'apps/switch/src/media/media.service.ts reads',
    'apps/switch/src/registry/absence-view.ts absent',
    'apps/switch/src/registry/absence-view.ts counted',
    'libs/adapter-kit/src/shared-partitions.ts leaving',
    'libs/adapter-kit/src/sign-on.ts foldings',
    'libs/adapter-kit/src/sign-on.ts known',
    'libs/protocol/src/registry-entries.ts held',
  ],
  'the parts of the program: routes, listeners, children': [
    'apps/console/src/live-events/event-feed.ts tasks',
    'apps/console/src/live-events/event-streams.ts tasks',
    'apps/web/src/api/live-connection.ts listeners',
    'apps/console/src/credentials/flood-guard.ts rounds',
    'apps/console/src/exchange/change-effects.ts effects',
    'apps/console/src/members/members.service.ts listeners',
    'apps/console/src/networks/liveness.ts listeners',
    'apps/standalone/src/phases.ts ended',
    'apps/standalone/src/simulators.main.ts running',
    'apps/standalone/src/supervisor.ts children',
    'apps/switch/src/registry/registry-view.ts listeners',
    'libs/adapter-kit/src/sign-on.ts listeners',
    'libs/bus/src/batch-reader.ts consumers',
    'libs/bus/src/bus-connection.ts builds',
    'libs/bus/src/bus-connection.ts permissionListeners',
    'libs/emoji/src/face-ids.ts ID_OF_EMOJI',
    'libs/emoji/src/shortcuts.ts shortcuts',
    'libs/http/src/allowed-methods.ts routes',
    'libs/network-manifest/src/ports.ts chosen',
  ],
  'the accounts that the operator granted': [
    'apps/adapter-fetion/src/fetion.adapter.ts up',
    'apps/adapter-fetion/src/ghosts.ts byMobile',
    'apps/adapter-fetion/src/ghosts.ts byRemote',
    'apps/adapter-fetion/src/ghosts.ts names',
    'apps/adapter-fetion/src/ghosts.ts pending',
    'apps/adapter-fetion/src/ghosts.ts taken',
    'apps/adapter-sip/src/registrar.ts bindings',
    'apps/adapter-sip/src/trunk.ts addresses',
    'apps/adapter-sip/src/trunk.ts challenges',
  ],
  'work in progress: an entry is removed when it ends, and each kind of work has a limit or a time limit': [
    'apps/adapter-fetion/src/people.ts pending',
    'apps/adapter-matrix/src/delivered-marks.ts newest',
    'apps/adapter-matrix/src/delivered-marks.ts waiting',
    'apps/adapter-matrix/src/ghosts.ts pending',
    'apps/adapter-matrix/src/membership.ts joining',
    'apps/adapter-open/src/open.connection.ts waiting',
    'apps/adapter-xmpp/src/xmpp.connection.ts answers',
    'apps/adapter-xmpp/src/xmpp.connection.ts unpinged',
    'apps/console/src/certification/certifications.service.ts running',
    'apps/switch/src/lanes/conversation-queues.ts last',
    'apps/switch/src/lanes/lane-worker.ts arrived',
    'apps/switch/src/lanes/lane-worker.ts waiting',
    'apps/switch/src/registry/directory.ts asked',
    'libs/adapter-kit/src/attachments/transfers.ts waiting',
    'libs/adapter-kit/src/egress.ts conversations',
    'libs/adapter-kit/src/in-progress.ts bySequence',
    'libs/adapter-kit/src/window-queue.ts releasing',
    'libs/service/src/turns-by-key.ts last',
    'apps/adapter-sip/src/calls/call-state.ts submitting',
    'apps/adapter-sip/src/stack/client-transactions.ts known',
    'apps/adapter-sip/src/stack/invite-clients.ts known',
    'apps/adapter-sip/src/stack/server-transactions.ts known',
    'apps/adapter-sip/src/stack/sip-endpoint.ts dialled',
    'libs/adapter-kit/src/under-way.ts ends',
  ],
  'a limit in the same file': [
    'apps/console/src/live-events/event-streams.ts open',
    'apps/adapter-matrix/src/ghost-presence.ts present',
    'apps/adapter-matrix/src/invitations.ts due',
    'apps/adapter-xmpp/src/xmpp.connection.ts reasons',
    'apps/console/src/access/denials.ts counted',
    'apps/switch/src/limits/recent.ts old',
    'apps/switch/src/limits/recent.ts young',
    'libs/adapter-kit/src/attachments/pending-messages.ts conversations',
    'libs/adapter-kit/src/inbound-queue.ts lines',
    'libs/adapter-kit/src/withdrawals.ts expiring',
    'libs/adapter-session/src/frame-reader.ts chunks',
    'libs/adapter-session/src/request-window.ts outstanding',
    'libs/adapter-session/src/request-window.ts waiting',
    'libs/adapter-session/src/session-listener.ts connections',
    'libs/bus/src/ordered-publisher.ts idle',
    'libs/bus/src/ordered-publisher.ts waiting',
    'libs/protocol/src/canonical-address.ts worked',
    'apps/adapter-sip/src/calls/callee-leg.ts phones',
    'apps/adapter-sip/src/calls/open-calls.ts byId',
    'apps/adapter-sip/src/calls/open-calls.ts calls',
    'apps/adapter-sip/src/calls/words-about-calls.ts kept',
    'apps/adapter-sip/src/publications.ts known',
    'apps/adapter-sip/src/subscriptions.ts known',
    'apps/adapter-sip/src/subscriptions.ts ofUser',
    'apps/adapter-sip/src/stack/stream-transport.ts sockets',
  ],
  'one input, whose size is limited, or one run': [
    'apps/standalone/src/phone/terminal-phone.ts own',
    'libs/adapter-kit/src/changes.ts native',
    'libs/adapter-kit/src/new-messages.ts fresh',
    'libs/clearing/src/day-books.ts byKey',
    'libs/clearing/src/manifest.ts members',
    'libs/media/src/location/boxes.ts items',
    'libs/media/src/location/tiff-reader.ts seen',
  ],
  'the side that fills it: the queue of the bus (3,000 for a conversation), or of the native server': [
    'libs/adapter-kit/src/acknowledged-in-order.ts open',
    'libs/adapter-kit/src/conversation-queue.ts waiting',
  ],
  'departures of members, which are few': ['apps/console/src/members/departures.ts lookedUp'],
  'what a bucket or stream holds, a few bytes each: every instance needs all of it (docs/architecture.md)': [
    'apps/switch/src/expiry/waiting-list.ts waiting',
    'apps/switch/src/registry/consent-view.ts byPerson',
    'apps/switch/src/registry/consent-view.ts inForce',
    'apps/switch/src/registry/consent-view.ts stored',
  ],
};

function collectionsIn(path: string, text: string): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if ((ts.isPropertyDeclaration(node) || isOfModule(node)) && grows(node.initializer)) {
      const declared = ts.isPropertyDeclaration(node) ? node : node.parent.parent;
      const comment = text.slice(declared.getFullStart(), node.getStart());
      if (!/\bbounded by\b/i.test(comment)) found.push(`${path} ${node.name.getText()}`);
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

function isOfModule(node: ts.Node): node is ts.VariableDeclaration {
  return ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
}

/** Empty at first. A collection that is made from a constant does not grow. */
function grows(value: ts.Expression | undefined): boolean {
  if (value && ts.isArrayLiteralExpression(value)) return value.elements.length === 0;
  return (
    value !== undefined &&
    ts.isNewExpression(value) &&
    ['Map', 'Set'].includes(value.expression.getText()) &&
    (value.arguments ?? []).length === 0
  );
}

test('every collection that grows is bounded', () => {
  const sources = ['apps', 'libs']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
    )
    .filter((path) => path.endsWith('.ts') && SOURCES.test(path) && !TESTS.test(path));
  expect(sources.length).toBeGreaterThan(300);
  const found = sources.flatMap((path) => collectionsIn(path, readFileSync(path, 'utf8')));
  const known = Object.values(BOUNDED).flat();
  const missing = {
    unexplained: found.filter((one) => !known.includes(one)),
    gone: known.filter((one) => !found.includes(one)),
  };
  expect(missing).toEqual({ unexplained: [], gone: [] });
});

test.each([
  ['class A { private readonly known = new Map<string, string>(); }', 1],
  ['class A { private waiting: string[] = []; }', 1],
  ['const KNOWN = new Set<string>();', 1],
  [
    'class A { /** By person; bounded by the window. */ private readonly known = new Map<string, string>(); }',
    0,
  ],
  ['class A { private readonly known = new LruCache<string, string>({ max: 10 }); }', 0],
  ["const WORDS = new Set(['a']);", 0],
  ['function f() { const local = new Map<string, string>(); return local; }', 0],
])('%s', (code, count) => {
  expect(collectionsIn('a.ts', code)).toHaveLength(count);
});
