/** A page in two languages has the same examples of code and the same links, so that a change of one page alone is noticed. Pure. */

const CODE = /^( *)```.*\n[^]*?^\1```$/gm;
const LINK = /\]\(([^)\s]+)\)/g;

export function faultsOfExamples(english: string, translated: string): string[] {
  const [wanted, found] = [examplesOf(english), examplesOf(translated)];
  if (wanted.length !== found.length) return [`${found.length} examples instead of ${wanted.length}`];
  return wanted.flatMap((example, at) =>
    example === found[at] ? [] : [`example ${at + 1} is not that of the English page`],
  );
}

export function faultsOfLinks(english: string, translated: string): string[] {
  const [wanted, found] = [linksOf(english), linksOf(translated)];
  return [
    ...without(wanted, found).map((link) => `no link to ${link}`),
    ...without(found, wanted).map((link) => `a link to ${link}, which the English page does not have`),
  ];
}

function examplesOf(markdown: string): string[] {
  return markdown.match(CODE) ?? [];
}

/** Targets, with # where a section is named: its words differ between the languages, and so may the folder of the page. */
function linksOf(markdown: string): string[] {
  return [...markdown.replaceAll(CODE, '').matchAll(LINK)].map(([, link = '']) =>
    link.replace(/(?<=^|\.md)#.*/, '#').replace(/^(\.\.\/)*(zh\/|generated\/)?/, ''),
  );
}

/** @returns those of the first list that the second has fewer times */
function without(list: readonly string[], others: readonly string[]): string[] {
  const rest = [...others];
  return list.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
