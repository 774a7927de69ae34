// Lints the OpenAPI documents in docs/generated (docs/decisions/0019-openapi-linter.md). Offline; exits with 1 on a finding.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core';

const folder = join('docs', 'generated');

/** Rules of ours, beside those that Redocly recommends. Every finding is an error: `recommended-strict` has no warnings. */
const OWN_RULES = {
  'rule/operations-are-described': {
    subject: { type: 'Operation' },
    assertions: { required: ['summary', 'description', 'tags'] },
    severity: 'error',
    message: 'an operation has a summary, a description and a tag',
  },
  'rule/responses-are-described': {
    subject: { type: 'Response', property: 'description' },
    assertions: { nonEmpty: true, minLength: 4 },
    severity: 'error',
    message: 'a response has a description',
  },
  'rule/parameters-are-described': {
    subject: { type: 'Parameter', property: 'description' },
    assertions: { defined: true, nonEmpty: true },
    severity: 'error',
    message: 'a parameter has a description',
  },
  'rule/headers-are-described': {
    subject: { type: 'Header', property: 'description' },
    assertions: { defined: true, nonEmpty: true },
    severity: 'error',
    message: 'a response header has a description',
  },
};

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    ...OWN_RULES,
    // The address of a console is not public; its clients know it.
    'no-empty-servers': 'off',
    'info-license': 'off',
    // `/v1/disputes/schedule` and `/v1/disputes/{id}`: the router prefers the literal path.
    'no-ambiguous-paths': 'off',
    // A sign-in elsewhere answers with a redirection. `gapsIn` demands a 2xx or a 3xx.
    'operation-2xx-response': 'off',
    // Health checks have no client errors. `x-problem-types` lists those of the others (documents.int-spec).
    'operation-4xx-response': 'off',
    // The generator adds a description to a reference with `allOf` of one entry.
    'no-illogical-composition-keywords': 'off',
  },
});

const files = readdirSync(folder).filter((file) => file.endsWith('openapi.json'));
if (files.length === 0) throw new Error(`${folder} has no OpenAPI document`);
const problems = [];
const gaps = [];
for (const file of files) {
  const found = await lint({ ref: join(folder, file), config });
  const document = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  problems.push(...found.filter((problem) => !isAboutRecord(document, problem)));
  gaps.push(...gapsIn(document).map((gap) => `${file}: ${gap}`));
}

if (problems.length > 0) formatProblems(problems, { format: 'stylish', totals: getTotals(problems) });
for (const gap of gaps) process.stderr.write(`${gap}\n`);
const findings = problems.length + gaps.length;
process.stderr.write(`${files.join(', ')}: ${findings} findings\n`);
process.exitCode = findings > 0 ? 1 : 0;

/** Errors and headers that follow from an operation, and that it does not document. */
function gapsIn(document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      gapsOf(document, operation).map((gap) => `${method.toUpperCase()} ${path}: ${gap}`),
    ),
  );
}

function gapsOf(document, { parameters = [], security = [], responses }) {
  const gaps = [];
  const response = (status) => resolved(document, responses[status]);
  const has = (status, header) => Object.hasOwn(response(status)?.headers ?? {}, header);
  const takes = (header) => parameters.some(({ in: where, name }) => where === 'header' && name === header);
  const successes = Object.keys(responses).filter((status) => /^[23]/.test(status));
  const failures = Object.keys(responses).filter((status) => /^[45]/.test(status));

  if (successes.length === 0) gaps.push('documents no success');
  if (failures.length === 0) gaps.push('documents no error');
  if (security.length > 0)
    for (const status of ['401', '403', '429'])
      if (!response(status)) gaps.push(`needs a key and does not document ${status}`);
  if (security.length > 0 && !has('401', 'WWW-Authenticate')) gaps.push('401 without WWW-Authenticate');
  if (security.length > 0 && !has('429', 'Retry-After')) gaps.push('429 without Retry-After');
  if (takes('If-Match'))
    for (const status of ['412', '428'])
      if (!response(status)) gaps.push(`takes If-Match and does not document ${status}`);
  if (takes('Idempotency-Key') && !successes.every((status) => has(status, 'Idempotency-Replayed')))
    gaps.push('takes Idempotency-Key and has a success without Idempotency-Replayed');
  if (response('206') && !response('416')) gaps.push('serves ranges and does not document 416');
  return gaps;
}

function resolved({ components }, response) {
  const name = /^#\/components\/responses\/(.*)$/.exec(response?.$ref ?? '')?.[1];
  return name === undefined ? response : components.responses[name];
}

/** The properties of a record with required keys are defined by `additionalProperties`, which this rule of Redocly ignores. */
function isAboutRecord(document, { ruleId, location: [{ pointer = '' } = {}] }) {
  if (ruleId !== 'no-required-schema-properties-undefined') return false;
  const steps = pointer
    .replace(/^#\//, '')
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const schema = steps.slice(0, steps.lastIndexOf('required')).reduce((node, step) => node?.[step], document);
  return typeof schema?.additionalProperties === 'object';
}
