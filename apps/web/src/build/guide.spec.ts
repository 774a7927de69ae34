import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESULT_CODES } from '#protocol';
import { PROBLEM_KINDS } from '../../../../libs/http/src/problems';
import { caseTitles } from '../screens/certification/cases/text';
import { guidePages } from './guide';

const folder = mkdtempSync(join(tmpdir(), 'guide-'));
const ADAPTERS = `# For authors

See [codes](generated/codes.md#fix), [the kit](../libs/kit.ts), [above](#2-sign-on) and [NATS](https://docs.nats.io).

## 2. Sign on

![a picture](images/wall.png) <script>window.harmed=1</script>

| a | b |
|---|---|
| 1 | \`<network>\` |
`;

mkdirSync(join(folder, 'generated'));
mkdirSync(join(folder, 'zh'));
writeFileSync(join(folder, 'zh', 'adapters.md'), '# 作者须知\n\n[代码](../generated/codes.md)\n');
writeFileSync(join(folder, 'adapters.md'), ADAPTERS);
writeFileSync(join(folder, 'generated', 'codes.md'), '# Codes\n\n[back](../adapters.md)\n');
afterAll(() => rmSync(folder, { recursive: true }));

const names = (from: readonly { name: string }[]) => from.map(({ name }) => name);

describe('the guide', () => {
  it('has a page for each document, whose headings have anchors', () => {
    const [adapters, codes] = guidePages(folder);
    expect(names(guidePages(folder)).slice(0, 2)).toEqual(['adapters', 'generated/codes']);
    expect(codes?.html).toContain('<html lang="en">');
    expect(adapters?.html).toContain('<h2 id="2-sign-on">2. Sign on</h2>');
    expect(adapters?.html).toContain('<title>For authors · Hutong');
  });

  it('leads links between documents to its pages, and makes text of links to other files', () => {
    const [adapters, codes] = guidePages(folder);
    expect(adapters?.html).toContain('href="/guide/generated/codes.html#fix"');
    expect(codes?.html).toContain('href="/guide/adapters.html"');
    expect(adapters?.html).toContain('href="#2-sign-on"');
    expect(adapters?.html).toContain('href="https://docs.nats.io"');
    expect(adapters?.html).toContain('the kit,');
    expect(adapters?.html).not.toContain('kit.ts');
  });

  it('begins with a list of its pages, to which each page leads', () => {
    const pages = new Map(guidePages(folder).map(({ name, html }) => [name, html]));
    expect(pages.get('index')).toContain('<a href="/guide/adapters.html">For authors</a>');
    expect(pages.get('index')).toContain('<a href="/guide/generated/codes.html">Codes</a>');
    expect(pages.get('adapters')).toContain('<a href="/guide/index.html">Guide</a>');
    expect(pages.get('zh/adapters')).toContain('<a href="/guide/zh/index.html">使用指南</a>');
  });

  it('has neither scripts nor pictures, and keeps what stands in angle brackets', () => {
    const [adapters] = guidePages(folder);
    expect(adapters?.html).not.toMatch(/<script|<img/);
    expect(adapters?.html).toContain('<code>&#x3C;network></code>');
  });
});

it('every link of the guide to a section leads to one that is there', () => {
  const pages = new Map(guidePages('docs').map(({ name, html }) => [`/guide/${name}.html`, html]));
  const links = [...pages].flatMap(([page, html]) =>
    [...html.matchAll(/href="((?:\/guide\/[^"#]*)?)#([^"]+)"/g)].map(([, target = '', section = '']) => ({
      page,
      target: target || page,
      section: decodeURIComponent(section),
    })),
  );
  expect(links.length).toBeGreaterThan(40);
  expect(links.filter(({ target, section }) => !pages.get(target)?.includes(`id="${section}"`))).toEqual([]);
});

describe('the guide in Chinese', () => {
  const pages = new Map(guidePages(folder).map(({ name, html }) => [name, html]));
  const anchorsOf = (name: string) =>
    new Set([...(pages.get(name) ?? '').matchAll(/<h2 id="([^"]+)">/g)].map(([, id]) => id));

  it('has a section for each result code, error of the API and case of the certification', () => {
    expect(anchorsOf('zh/result-codes')).toEqual(new Set(RESULT_CODES));
    expect(anchorsOf('zh/problems')).toEqual(new Set(PROBLEM_KINDS));
    expect(anchorsOf('zh/certification-cases')).toEqual(new Set(Object.keys(caseTitles)));
  });

  it('is marked as Chinese, and its index leads to its pages', () => {
    const index = pages.get('zh/index');
    expect(index).toContain('<html lang="zh-CN">');
    expect(index).toContain('<a href="/guide/zh/problems.html">接口错误</a>');
    expect(index).toContain('href="/guide/zh/result-codes.html"');
  });

  it('has the pages that are translated by hand, which lead to the English ones and back', () => {
    expect(pages.get('zh/index')).toContain('<a href="/guide/zh/adapters.html">作者须知</a>');
    expect(pages.get('zh/adapters')).toContain('href="/guide/generated/codes.html"');
    expect(pages.get('zh/adapters')).toContain('<a href="/guide/adapters.html" lang="en">');
    expect(pages.get('adapters')).toContain('<a href="/guide/zh/adapters.html" lang="zh-CN">');
    expect(pages.get('generated/codes')).toContain('<a href="/guide/zh/index.html" lang="zh-CN">');
    expect(pages.get('zh/problems')).toContain('<a href="/guide/index.html" lang="en">');
  });

  it('keeps what stands in angle brackets', () =>
    expect(pages.get('zh/certification-cases')).toContain(
      '<code>hub.control.heartbeat.&#x3C;network></code>',
    ));
});
