/** What needs attention, with what to do. Pure. */
import type { OverviewProblem } from './overview.dto.js';
import type { Expiring } from './overview.repository.js';

export interface NetworkState {
  slug: string;
  status: string;
  signedOn: boolean;
  nativeConnected: boolean;
  lastHeard: string | undefined;
}

export interface Findings {
  networks: readonly NetworkState[];
  credentials: readonly Expiring[];
  certificates: readonly Expiring[];
  /** Number of dead letters by network. */
  letters: ReadonlyMap<string, number>;
  /** Date of a business day that should be closed. */
  overdueDay: string | undefined;
}

const MOST_PROBLEMS = 200;
const RANK = { critical: 0, warning: 1 };

/** The worst first. */
export function problemsOf(
  { networks, credentials, certificates, letters, overdueDay }: Findings,
  now: Date,
): OverviewProblem[] {
  const problems = [
    ...networks.flatMap(ofNetwork),
    ...credentials.map((one) => expiring('credential', one, now)),
    ...certificates.map((one) => expiring('certificate', one, now)),
    ...[...letters].map(([slug, count]) => deadLetters(slug, count)),
    ...(overdueDay === undefined ? [] : [notClosed(overdueDay)]),
  ];
  return problems.sort((one, other) => RANK[one.severity] - RANK[other.severity]).slice(0, MOST_PROBLEMS);
}

export function isUnavailable({ status, signedOn, nativeConnected }: NetworkState): boolean {
  return status === 'suspended' || !signedOn || !nativeConnected;
}

function ofNetwork(network: NetworkState): OverviewProblem[] {
  const { slug, status, signedOn, lastHeard } = network;
  if (!isUnavailable(network)) return [];
  if (status === 'suspended')
    return [
      {
        kind: 'network-suspended',
        severity: 'warning',
        subject: slug,
        words: `${slug} is suspended: nothing is accepted from it or delivered to it`,
        todo: 'When the reason is gone, an admin enables it again',
        at: null,
      },
    ];
  return [
    {
      kind: 'network-unavailable',
      severity: 'critical',
      subject: slug,
      words: signedOn
        ? `The adapter of ${slug} is not connected to its network`
        : `No adapter of ${slug} is signed on`,
      todo: 'Look at the log of the adapter; messages to this network wait until it is back',
      at: lastHeard ?? null,
    },
  ];
}

function expiring(
  what: 'credential' | 'certificate',
  { network, until }: Expiring,
  now: Date,
): OverviewProblem {
  const isOver = until <= now;
  return {
    kind: `${what}-expires`,
    severity: isOver ? 'critical' : 'warning',
    subject: network,
    words: `The ${what} of ${network} ${isOver ? 'has expired' : 'expires soon'}`,
    todo:
      what === 'credential'
        ? 'The adapter renews it by itself when it is connected; otherwise the operator issues another'
        : 'Its operator starts another certification',
    at: until.toISOString(),
  };
}

function deadLetters(slug: string, count: number): OverviewProblem {
  return {
    kind: 'dead-letters',
    severity: 'warning',
    subject: slug,
    words: `${count} messages of ${slug} could not be processed`,
    todo: 'Read the reason of each dead letter, remove the cause, then replay or discard it',
    at: null,
  };
}

function notClosed(date: string): OverviewProblem {
  return {
    kind: 'day-not-closed',
    severity: 'critical',
    subject: date,
    words: `The business day ${date} is not closed`,
    todo: 'Check that clearing runs, and read its log; it closes days that are over by itself',
    at: null,
  };
}
