/** A report as an HTML page, with all values escaped and without scripts. Pure functions. */
import type { CaseResult, Evidence, Report } from './report.js';

export interface PageHead {
  id: string;
  state: string;
  validUntil: string | null;
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

export function reportPage(head: PageHead, report: Report): string {
  const title = `Certification of ${report.network}`;
  const facts: [string, string][] = [
    ['State', head.state],
    ['Level reached', report.level ?? 'none'],
    ['Adapter build', report.build ?? 'the adapter did not sign on'],
    ['Capabilities', report.capabilities ?? '–'],
    ['Suite', `version ${report.suite}`],
    ['Loopback', report.loopback],
    ['Started', report.startedAt],
    ['Ended', report.endedAt ?? '–'],
    ['Valid until', head.validUntil ?? '–'],
    ['Started by', head.by],
    ['Id', head.id],
  ];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escaped(title)}</h1><dl>`,
    ...facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`),
    '</dl><table><thead><tr><th>Level</th><th>Case</th><th>Verdict</th><th>Time</th><th>Observations</th></tr></thead><tbody>',
    ...report.cases.map(row),
    '</tbody></table></body></html>',
  ].join('\n');
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
