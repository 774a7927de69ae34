/** The page that lists the pages of the guide in one language. Pure. */
import { posix } from 'node:path';

export interface GuideText {
  /** Path in the guide, without the ending. */
  name: string;
  /** Markdown. */
  text: string;
}

interface Index {
  /** Path of the index itself. */
  name: string;
  title: string;
  lead: string;
  pages: readonly GuideText[];
}

export function guideIndex({ name, title, lead, pages }: Index): GuideText {
  const lines = pages.map((page) => {
    const words = /^# (.*)$/m.exec(page.text)?.[1] ?? page.name;
    return `- [${words}](${posix.relative(posix.dirname(name), page.name)}.md)`;
  });
  return { name, text: `# ${title}\n\n${lead}\n\n${lines.join('\n')}` };
}
