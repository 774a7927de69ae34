/**
 * Plays the suite against a running adapter. Events are published on `hub.out.<network>` with the hub's own credentials, in the
 * form that the switch would give them, and not through the switch: what is tried is the adapter, which must also bear what a
 * switch never sends (an event twice, an expired one, bytes that are none), and a network is tried before it has any agreement.
 */
import { randomBytes } from 'node:crypto';
import type { BusConnection, MediaGrants, OrderedPublisher } from '#bus';
import { SILENT_AFTER_MS, HubError, toHubError, type Network } from '#protocol';
import { capabilitiesHash } from './capabilities-hash.js';
import type { CertificationCase } from './case.js';
import { CaseFailed } from './case-failed.js';
import { levelReached } from './level.js';
import type { CaseResult, Report } from './report.js';
import { CaseContext } from './case-context.js';
import { CASES, SUITE_VERSION } from './suite.js';
import { Witness } from './witness.js';

export interface CertifyOptions {
  network: Network;
  /** Native id of somebody who answers every message with the same text. */
  loopback: string;
  /** Native id that nobody has there, if one like that of the loopback will not do. */
  stranger?: string | undefined;
  /** How long anything that has to come may take. */
  patienceMs?: number;
  /** How long one case may take. */
  limitMs?: number;
  signal?: AbortSignal;
}

const PATIENCE_MS = 15_000;
const LIMIT_MS = 90_000;

/** @throws HubError 91 when the bus is away, or it was called off */
export async function certify(
  link: BusConnection,
  publisher: Pick<OrderedPublisher, 'publish'>,
  grants: MediaGrants,
  options: CertifyOptions,
  onProgress: (report: Report) => void = () => undefined,
): Promise<Report> {
  const { session } = link;
  if (!session) throw new HubError('91', 'the bus is away; try again');
  const run = randomBytes(4).toString('hex');
  const witness = new Witness(session, options.network);
  const context = new CaseContext(
    {
      network: options.network,
      loopback: options.loopback,
      stranger: options.stranger ?? strangerLike(options.loopback, run),
      run,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
    },
    { link, session, publisher, grants },
    witness,
  );
  const report = blankReport(options);
  try {
    await signedOn(witness);
    const tried = witness.signOn?.body;
    if (tried) {
      report.build = tried.build;
      report.capabilities = capabilitiesHash(tried.capabilities);
    }
    for (const [at, one] of CASES.entries()) {
      const result = report.cases[at];
      if (!result) continue;
      result.verdict = 'running';
      onProgress(report);
      Object.assign(result, await played(one, context, options, report));
      if (options.signal?.aborted) throw new HubError('91', 'called off');
      if (session.ended.aborted) throw new HubError('91', 'the bus went away meanwhile');
    }
    report.level = levelReached(report.cases);
    report.endedAt = new Date().toISOString();
    onProgress(report);
    return report;
  } finally {
    witness.close();
  }
}

export function blankReport({ network, loopback }: Pick<CertifyOptions, 'network' | 'loopback'>): Report {
  return {
    network,
    suite: SUITE_VERSION,
    build: null,
    capabilities: null,
    loopback,
    startedAt: new Date().toISOString(),
    level: null,
    cases: CASES.map(({ id, level, title }) => ({ id, level, title, verdict: 'pending', evidence: [] })),
  };
}

type Played = Pick<CaseResult, 'verdict' | 'reason' | 'notDeclared' | 'ms' | 'evidence'>;

async function played(
  one: CertificationCase,
  context: CaseContext,
  { limitMs = LIMIT_MS, signal }: CertifyOptions,
  report: Report,
): Promise<Played> {
  const { signOn } = context.witness;
  const first = CASES[0]?.id;
  if (one.id !== first && (!signOn || report.cases[0]?.verdict === 'fail'))
    return { verdict: 'skipped', reason: 'the adapter is not signed on', evidence: [] };
  if (one.needs && signOn && !one.needs.isDeclared(signOn.body.capabilities))
    return {
      verdict: 'skipped',
      notDeclared: true,
      reason: `the adapter does not declare ${one.needs.what.replaceAll('`', '')}`,
      evidence: [],
    };
  const started = Date.now();
  context.evidence = [];
  const end = (verdict: 'pass' | 'fail', reason?: string): Played => ({
    verdict,
    ...(reason === undefined ? {} : { reason: reason.slice(0, 1000) }),
    ms: Date.now() - started,
    evidence: context.evidence.slice(0, 200),
  });
  try {
    sameAdapter(context, report);
    await inTime(one.run(context), limitMs, signal);
    return end('pass');
  } catch (error) {
    return end('fail', error instanceof CaseFailed ? error.message : toHubError(error).detail);
  }
}

/** Where nobody signs on, the cases say so, one by one. */
async function signedOn(witness: Witness): Promise<void> {
  try {
    await witness.until('a sign-on', () => witness.signOn, SILENT_AFTER_MS);
  } catch (error) {
    if (!(error instanceof CaseFailed)) throw error;
  }
}

/** A certificate is of one build: another one in the middle proves nothing about either. */
function sameAdapter({ witness }: CaseContext, report: Report): void {
  if (!witness.signOn || report.build === null) return;
  const { body, at } = witness.signOn;
  if (Date.now() - at > SILENT_AFTER_MS) throw new CaseFailed('the adapter signed off, or fell silent');
  if (body.build !== report.build || capabilitiesHash(body.capabilities) !== report.capabilities)
    throw new CaseFailed('the adapter changed its build or its capabilities in the middle');
}

async function inTime(work: Promise<void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController();
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new CaseFailed(`not done within ${ms / 1000} s`)), ms);
    const off = () => reject(new CaseFailed('called off'));
    signal?.addEventListener('abort', off);
    over.signal.addEventListener('abort', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', off);
    });
  });
  try {
    await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

/** The loopback's id with another name in it: `echo@example.org` gives `nobody-1f0c@example.org`. */
export function strangerLike(loopback: string, run: string): string {
  const [, before = '', behind = ''] = /^(@?)[^@:]*([@:].*)?$/su.exec(loopback) ?? [];
  return `${before}nobody-${run}${behind}`;
}
