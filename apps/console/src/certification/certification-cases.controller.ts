/** The suite: what each case proves, and what to do when an adapter fails it. */
import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CASES, SUITE_VERSION } from '#certification';
import { CertificationLevel } from '#protocol';
import { Requires } from '../access/permissions.js';

const SuiteCase = z.object({
  id: z.string().max(100),
  level: CertificationLevel,
  title: z.string().max(300),
  proves: z.string().max(2000).describe('When the case passes'),
  remedy: z.string().max(2000).describe('What the author of an adapter that fails the case does about it'),
  documented: z
    .object({ file: z.string().max(100), heading: z.string().max(200) })
    .describe('File in docs/ and heading that describe the behaviour'),
  requiredOf: z.string().max(200).describe('Which adapters must pass; others skip the case'),
});
const Suite = z.object({ version: z.string().max(100), cases: z.array(SuiteCase).max(200) }).meta({
  id: 'CertificationSuite',
  examples: [
    {
      version: '4',
      cases: [
        {
          id: 'heartbeat',
          level: 'L1',
          title: 'Heartbeats',
          proves: 'Another heartbeat follows within 8 s.',
          remedy: 'Send a heartbeat every two seconds.',
          documented: { file: 'adapters.md', heading: '2. Sign on' },
          requiredOf: 'every adapter',
        },
      ],
    },
  ],
});
type Suite = z.infer<typeof Suite>;

const SUITE: Suite = {
  version: SUITE_VERSION,
  cases: CASES.map(({ id, level, title, proves, remedy, documented, needs }) => ({
    id,
    level,
    title,
    proves,
    remedy,
    documented,
    requiredOf: needs?.what ?? 'every adapter',
  })),
};

@ApiTags('certification')
@ApiBearerAuth()
@Controller('v1/certification-cases')
export class CertificationCasesController {
  @Get()
  @Requires('certifications:read')
  @ApiOperation({
    summary: 'Show the cases of the certification suite',
    description:
      'Says for each case of the current version what it proves, what to do about a failure, and where that is documented. Reports of earlier versions can have other cases.',
  })
  @ApiResponse({ status: 200, standardSchema: Suite })
  suite(): Suite {
    return SUITE;
  }
}
