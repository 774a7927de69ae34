/**
 * XEP-0393 message styling <-> Markdown (the canonical form). Pure text to text. Styling knows bold, italic, strike,
 * code, code blocks and quotes; what Markdown has beyond that arrives as its words (links as "text (url)").
 */
import MarkdownIt from 'markdown-it';

type Token = ReturnType<MarkdownIt['parse']>[number];

const SPAN_MARKS: Record<string, string> = { '*': '**', _: '_', '~': '~~' };
const parser = new MarkdownIt({ html: false, linkify: false, breaks: true });

/** @returns Markdown when the text is styled, undefined when it is plain */
export function stylingToMarkdown(body: string): string | undefined {
  let styled = false;
  let fenced = false;
  const lines = body.split('\n').map((line) => {
    if (line.startsWith('```')) {
      fenced = !fenced;
      styled = true;
      return line;
    }
    if (fenced) return line;
    const quote = /^(>\s?)+/.exec(line)?.[0] ?? '';
    const spans = spansToMarkdown(line.slice(quote.length));
    styled ||= quote !== '' || spans.styled;
    return quote + spans.text;
  });
  if (fenced) return undefined;
  return styled ? lines.join('\n') : undefined;
}

/** Looked for no further than anybody styles in one go: each mark of a long line looks for its other half. */
const SPAN = /(^|[\s*_~])([*_~`])(?!\s|\2)([^\n]{0,500}?[^\s])\2(?=$|[\s*_~.,;:!?)])/;

/** XEP-0393 §5.3: a span opens after white space or another mark, closes before one, and holds no white space at its edges. */
function spansToMarkdown(line: string): { text: string; styled: boolean } {
  let styled = false;
  const convert = (text: string): string => {
    let done = '';
    let rest = text;
    for (let match = SPAN.exec(rest); match; match = SPAN.exec(rest)) {
      styled = true;
      const [whole, before = '', mark = '', inner = ''] = match;
      done += escapeMarkdown(rest.slice(0, match.index) + before);
      done += mark === '`' ? `\`${inner}\`` : SPAN_MARKS[mark] + convert(inner) + SPAN_MARKS[mark];
      rest = rest.slice(match.index + whole.length);
    }
    return done + escapeMarkdown(rest);
  };
  const text = convert(line);
  return { text, styled };
}

function escapeMarkdown(text: string): string {
  return text.replaceAll(/([\\`*_~[\]<>])/g, '\\$1');
}

const MARK_OF: Record<string, string> = {
  strong_open: '*',
  strong_close: '*',
  em_open: '_',
  em_close: '_',
  s_open: '~',
  s_close: '~',
};

export function markdownToStyling(markdown: string): string {
  const blocks: string[] = [];
  let depth = 0;
  let item = '';
  for (const token of parser.parse(markdown, {})) {
    const lead = '> '.repeat(depth);
    if (token.type === 'blockquote_open') depth++;
    else if (token.type === 'blockquote_close') depth--;
    else if (token.type === 'list_item_open') item = token.info ? `${token.info}. ` : '- ';
    else if (token.type === 'fence' || token.type === 'code_block')
      blocks.push(prefixed(`\`\`\`\n${token.content.replace(/\n$/, '')}\n\`\`\``, lead));
    else if (token.type === 'hr') blocks.push(`${lead}---`);
    else if (token.type === 'inline') {
      blocks.push(prefixed(item + inline(token.children ?? []), lead));
      item = '';
    }
  }
  return blocks.join('\n');
}

function prefixed(text: string, lead: string): string {
  return text
    .split('\n')
    .map((line) => lead + line)
    .join('\n');
}

function inline(tokens: Token[]): string {
  let href = '';
  return tokens
    .map((token) => {
      switch (token.type) {
        case 'text':
          return token.content;
        case 'code_inline':
          return `\`${token.content}\``;
        case 'softbreak':
        case 'hardbreak':
          return '\n';
        case 'link_open':
          href = String(token.attrGet('href') ?? '');
          return '';
        case 'link_close':
          return href === '' ? '' : ` (${href})`;
        case 'image':
          return `${token.content} (${String(token.attrGet('src') ?? '')})`;
        default:
          return MARK_OF[token.type] ?? '';
      }
    })
    .join('');
}
