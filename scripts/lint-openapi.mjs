// Lints the OpenAPI documents in docs/generated (docs/decisions/0019-openapi-linter.md). Offline; exits with 1 on a finding.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core';

const folder = join('docs', 'generated');

/** Asserted beyond the rules that Redocly recommends. */
const OWN_RULES = {
  'rule/operations-are-described': {
    subject: { type: 'Operation' },
    assertions: { required: ['summary', 'description', 'tags'] },
    severity: 'error',
    message: 'an operation has a summary, a description and a tag',
  },
  'rule/responses-say-what-they-are': {
    subject: { type: 'Response', property: 'description' },
    assertions: { nonEmpty: true, minLength: 4 },
    severity: 'error',
    message: 'a response says what it is',
  },
  'rule/parameters-are-described': {
    subject: { type: 'Parameter', property: 'description' },
    assertions: { defined: true, nonEmpty: true },
    severity: 'error',
    message: 'a parameter says what it is',
  },
};

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    ...OWN_RULES,
    // The console has no public address, and clients know theirs.
    'no-empty-servers': 'off',
    'info-license': 'off',
    // `/v1/disputes/schedule` and `/v1/disputes/{id}`: the router prefers the literal path.
    'no-ambiguous-paths': 'off',
    // Health checks have no client errors. `x-problem-types` lists those of the others (documents.int-spec).
    'operation-4xx-response': 'off',
    // The generator adds a description to a reference by `allOf` with one entry.
    'no-illogical-composition-keywords': 'off',
  },
});

const files = readdirSync(folder).filter((file) => file.endsWith('openapi.json'));
if (files.length === 0) throw new Error(`${folder} has no OpenAPI document`);
const problems = [];
for (const file of files) {
  const found = await lint({ ref: join(folder, file), config });
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  problems.push(...found.filter((problem) => !isAboutRecord(document, problem)));
}

if (problems.length > 0) formatProblems(problems, { format: 'stylish', totals: getTotals(problems) });
process.stderr.write(`${files.join(', ')}: ${problems.length} findings\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** A record with required keys defines its properties by the schema in `additionalProperties`, which the rule ignores. */
function isAboutRecord(document, { ruleId, location: [{ pointer = '' } = {}] }) {
  if (ruleId !== 'no-required-schema-properties-undefined') return false;
  const steps = pointer
    .replace(/^#\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const schema = steps.slice(0, steps.lastIndexOf('required')).reduce((node, step) => node?.[step], document);
  return typeof schema?.additionalProperties === 'object';
}
