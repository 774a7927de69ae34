/** Report of a certification, for one build, one version of the suite and one declaration of capabilities. */
import { z } from 'zod';
import { CertificationLevel, EventId, ResultCode } from '#protocol';

export const VERDICTS = ['pending', 'running', 'pass', 'fail', 'skipped'] as const;

export const Evidence = z
  .object({
    at: z.iso.datetime(),
    what: z.string().max(1000),
    event: EventId.optional(),
    code: ResultCode.optional(),
  })
  .meta({ id: 'CertificationEvidence', description: 'An observation on the bus' });
export type Evidence = z.infer<typeof Evidence>;

/** What the operator does during a run, see `CaseResult.asks`. */
export const ASKS = ['restart', 'second-instance'] as const;
export type Ask = (typeof ASKS)[number];

export const CaseResult = z
  .object({
    id: z.string().max(4000),
    level: CertificationLevel,
    title: z.string().max(300),
    verdict: z.enum(VERDICTS),
    reason: z.string().max(4000).optional().describe('Why it failed or was skipped'),
    notDeclared: z
      .boolean()
      .optional()
      .describe(
        'true: skipped because the adapter does not declare the feature, or the operator did not offer it',
      ),
    asks: z
      .enum(ASKS)
      .optional()
      .describe(
        'What the operator is to do now: `restart` kills the adapter (SIGKILL) and starts it again, `second-instance` starts a second one',
      ),
    ms: z.int().nonnegative().optional(),
    evidence: z.array(Evidence).max(200),
  })
  .meta({ id: 'CertificationCase' });
export type CaseResult = z.infer<typeof CaseResult>;

export const Report = z
  .object({
    network: z.string().max(40),
    suite: z.string().max(100).describe('Version of the suite'),
    build: z.string().max(300).nullable().describe('Build of the adapter; null: it did not sign on'),
    capabilities: z.string().max(100).nullable().describe('SHA-256 of the declared capabilities'),
    loopback: z.string().max(300),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    level: CertificationLevel.nullable().describe(
      'Highest level that is passed together with all levels below it',
    ),
    cases: z.array(CaseResult).max(200),
  })
  .meta({ id: 'CertificationReport' });
export type Report = z.infer<typeof Report>;
