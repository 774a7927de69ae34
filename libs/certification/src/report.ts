/** What a certification found. Bound to a build, a version of the suite and a hash of what was declared. */
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
  .meta({ id: 'CertificationEvidence', description: 'Something that was seen on the bus' });
export type Evidence = z.infer<typeof Evidence>;

export const CaseResult = z
  .object({
    id: z.string().max(4000),
    level: CertificationLevel,
    title: z.string().max(300),
    verdict: z.enum(VERDICTS),
    reason: z.string().max(4000).optional().describe('Why it failed or was skipped'),
    /** Left out because the adapter declares no such thing: that is no failure. */
    notDeclared: z.boolean().optional().describe('Skipped because the adapter declares no such thing'),
    ms: z.int().nonnegative().optional(),
    evidence: z.array(Evidence).max(200),
  })
  .meta({ id: 'CertificationCase' });
export type CaseResult = z.infer<typeof CaseResult>;

export const Report = z
  .object({
    network: z.string().max(40),
    suite: z.string().max(100).describe('Version of the suite'),
    build: z.string().max(300).nullable().describe('Of the adapter; null: nobody signed on'),
    capabilities: z.string().max(100).nullable().describe('SHA-256 of what it declared'),
    loopback: z.string().max(300),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
    level: CertificationLevel.nullable().describe(
      'The highest of which, and of all below, nothing is missing',
    ),
    cases: z.array(CaseResult).max(200),
  })
  .meta({ id: 'CertificationReport' });
export type Report = z.infer<typeof Report>;
