/**
 * Runs the suite against an adapter that is signed on. Events are published on `hub.out.<network>` with credentials of the hub, in
 * the form that the switch gives them, and not through the switch: the adapter must also handle events that the switch never sends
 * (repeated, expired, invalid ones), and a network is certified before it has agreements.
 */
import { randomBytes } from 'node:crypto';
import { SILENT_AFTER_MS, HubError, toHubError, type Network } from '#protocol';
import { capabilitiesHash } from './capabilities-hash.js';
import { whySkipped, type CertificationCase } from './case.js';
import { CaseFailed } from './case-failed.js';
import { levelReached } from './level.js';
import type { Ask, CaseResult, Report } from './report.js';
import { CaseContext, type CertifierBus } from './case-context.js';
import { CASES, SUITE_VERSION } from './suite.js';
import { Witness } from './witness.js';

export interface CertifyOptions {
  network: Network;
  /** Native id of the loopback, which answers every message with the same text. */
  loopback: string;
  /** Native id that nobody has. Default: derived from that of the loopback. */
  stranger?: string | undefined;
  /** What the operator does on request during the run. Default: nothing. */
  offers?: readonly Ask[] | undefined;
  /** Maximum time to wait for an expected event, ms. */
  patienceMs?: number;
  /** Maximum duration of one case, ms. */
  limitMs?: number;
  signal?: AbortSignal;
}

const PATIENCE_MS = 15_000;
const LIMIT_MS = 90_000;

/** @throws HubError 91 if the bus is not connected or the run is cancelled */
export async function certify(
  bus: CertifierBus,
  options: CertifyOptions,
  onProgress: (report: Report) => void = () => undefined,
): Promise<Report> {
  const { session } = bus.link;
  if (!session) throw new HubError('91', 'the bus is not connected: try again later');
  const run = randomBytes(4).toString('hex');
  const witness = new Witness(session, options.network);
  const report = blankReport(options);
  const ask = (what: Ask | undefined) => {
    const running = report.cases.find(({ verdict }) => verdict === 'running');
    if (!running) return;
    if (what === undefined) delete running.asks;
    else running.asks = what;
    onProgress(report);
  };
  const context = new CaseContext(
    {
      network: options.network,
      loopback: options.loopback,
      stranger: options.stranger ?? strangerLike(options.loopback, run),
      run,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      ask,
    },
    { ...bus, session },
    witness,
  );
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
      if (options.signal?.aborted) throw new HubError('91', 'the run was cancelled');
      if (session.ended.aborted) throw new HubError('91', 'the connection to the bus ended during the run');
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
  { limitMs = LIMIT_MS, offers = [], signal }: CertifyOptions,
  report: Report,
): Promise<Played> {
  const { signOn } = context.witness;
  const first = CASES[0]?.id;
  if (one.id !== first && (!signOn || report.cases[0]?.verdict === 'fail'))
    return { verdict: 'skipped', reason: 'the adapter is not signed on', evidence: [] };
  const missing = signOn && whySkipped(one, signOn.body.capabilities, offers);
  if (missing !== undefined) return { verdict: 'skipped', notDeclared: true, reason: missing, evidence: [] };
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
    await inTime(one.run(context), one.limitMs ?? limitMs, signal);
    return end('pass');
  } catch (error) {
    return end('fail', error instanceof CaseFailed ? error.message : toHubError(error).detail);
  }
}

/** Waits for a sign-on. Without one, the first case fails and the others are skipped. */
async function signedOn(witness: Witness): Promise<void> {
  try {
    await witness.until('a sign-on', () => witness.signOn, SILENT_AFTER_MS);
  } catch (error) {
    if (!(error instanceof CaseFailed)) throw error;
  }
}

/** @throws CaseFailed if the adapter has changed or is offline: a certificate is valid for one build only */
function sameAdapter({ witness }: CaseContext, report: Report): void {
  if (!witness.signOn || report.build === null) return;
  const { body, at } = witness.signOn;
  if (Date.now() - at > SILENT_AFTER_MS)
    throw new CaseFailed('the adapter signed off, or sends no heartbeats');
  if (body.build !== report.build || capabilitiesHash(body.capabilities) !== report.capabilities)
    throw new CaseFailed('the adapter changed its build or capabilities during the run');
}

async function inTime(work: Promise<void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController();
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new CaseFailed(`not done within ${ms / 1000} s`)), ms);
    const off = () => reject(new CaseFailed('the run was cancelled'));
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

/** The id of the loopback with another name: `echo@example.org` gives `nobody-1f0c@example.org`. */
export function strangerLike(loopback: string, run: string): string {
  const [, before = '', behind = ''] = /^(@?)[^@:]*([@:].*)?$/su.exec(loopback) ?? [];
  return `${before}nobody-${run}${behind}`;
}
