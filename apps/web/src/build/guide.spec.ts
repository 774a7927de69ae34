import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

beforeAll(() => {
  mkdirSync(join(folder, 'generated'));
  writeFileSync(join(folder, 'adapters.md'), ADAPTERS);
  writeFileSync(join(folder, 'generated', 'codes.md'), '# Codes\n\n[back](../adapters.md)\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the guide', () => {
  it('has a page for each document, whose headings have anchors', () => {
    const [adapters, codes] = guidePages(folder);
    expect([adapters?.name, codes?.name]).toEqual(['adapters', 'generated/codes']);
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

  it('has neither scripts nor pictures, and keeps what stands in angle brackets', () => {
    const [adapters] = guidePages(folder);
    expect(adapters?.html).not.toMatch(/<script|<img/);
    expect(adapters?.html).toContain('<code>&#x3C;network></code>');
  });
});
