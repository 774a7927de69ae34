/** A report as an HTML page, with all values escaped and without scripts. Pure functions. */
import { createHash } from 'node:crypto';
import { adviceFor, allowedWords, documentedWords } from './advice.js';
import type { CaseResult, Evidence, Report } from './report.js';
import { forEverybody } from './shared-report.js';

export interface SharedHead {
  state: string;
  validUntil: string | null;
}

export interface PageHead extends SharedHead {
  id: string;
  by: string;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '');
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.4em .6em;text-align:left;vertical-align:top}
.pass{color:#176b2c}.fail{color:#a3161b;font-weight:600}.skipped,.pending,.running{color:#666}
dt{float:left;clear:left;width:10em;color:#666}dd{margin-left:11em}summary{cursor:pointer}ol{margin:.3em 0;font-size:.9em}`;

/** Content security policy of the pages: nothing but their own style. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

type Fact = [name: string, value: string];

/** For people with a key: with accounts, people and observations. */
export function reportPage(head: PageHead, report: Report): string {
  return page(head, report, [
    ['Loopback', report.loopback],
    ['Started by', head.by],
    ['Id', head.id],
  ]);
}

/** For everybody who has the link: without accounts, addresses, people and observations. */
export function sharedPage(head: SharedHead, report: Report): string {
  return page(head, forEverybody(report), []);
}

function page({ state, validUntil }: SharedHead, report: Report, more: Fact[]): string {
  const title = `Certification of ${report.network}`;
  const facts: Fact[] = [
    ['State', state],
    ['Level reached', report.level ?? 'none'],
    ['Adapter build', report.build ?? 'the adapter did not sign on'],
    ['Capabilities', report.capabilities ?? '–'],
    ['Suite', `version ${report.suite}`],
    ['Started', report.startedAt],
    ['Ended', report.endedAt ?? '–'],
    ['Valid until', validUntil ?? '–'],
    ...more,
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><p>${escaped(summary(report))}</p><dl>`,
    ...facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`),
    '</dl>',
    ...whatToDo(report),
    '<h2>Cases</h2><table><thead><tr><th>Level</th><th>Case</th><th>Verdict</th><th>Time</th><th>Observations</th></tr></thead><tbody>',
    ...report.cases.map(row),
    '</tbody></table></body></html>',
  ].join('\n');
}

/** How many cases passed, and what the level allows. */
export function summary({ cases, level }: Report): string {
  const count = (verdict: CaseResult['verdict']) => cases.filter((one) => one.verdict === verdict).length;
  const passed = `${count('pass')} of ${cases.length} cases passed, ${count('fail')} failed, ${count('skipped')} were skipped.`;
  return `${passed} ${allowedWords(level)}`;
}

function whatToDo({ cases }: Report): string[] {
  const failed = cases.filter(({ verdict }) => verdict === 'fail');
  if (failed.length === 0) return [];
  return ['<h2>What to do</h2><ul>', ...failed.map(advised), '</ul>'];
}

function advised({ id, title, reason = '' }: CaseResult): string {
  const advice = adviceFor(id);
  const rest = advice
    ? `<br>${escaped(advice.remedy)}<br><small>Documented in ${escaped(documentedWords(advice.documented))}</small>`
    : '';
  return `<li><strong>${escaped(title)}</strong> (${escaped(id)}): <span class="fail">${escaped(reason)}</span>${rest}</li>`;
}

function row({ id, level, title, verdict, reason, ms, evidence }: CaseResult): string {
  const why = reason === undefined ? '' : `<br><small>${escaped(reason)}</small>`;
  const time = ms === undefined ? '' : `${ms} ms`;
  const seen =
    evidence.length === 0
      ? ''
      : `<details><summary>${evidence.length} observations</summary><ol>${evidence.map(observation).join('')}</ol></details>`;
  return `<tr><td>${level}</td><td>${escaped(title)}<br><small>${escaped(id)}</small></td><td class="${verdict}">${verdict}${why}</td><td>${time}</td><td>${seen}</td></tr>`;
}

function observation({ at, what, event, code }: Evidence): string {
  const more = [code, event].filter((one) => one !== undefined).join(', ');
  return `<li><time>${escaped(at)}</time> ${escaped(what)}${more ? ` [${escaped(more)}]` : ''}</li>`;
}
