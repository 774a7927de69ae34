/** Anchor of a heading in a page of the guide. The rule is that of GitHub, on which the links inside docs/ rely. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Page of the guide, which this console serves. @param file in docs/ */
export function guidePage({ file, heading }: { file: string; heading: string }): string {
  return `/guide/${file.replace(/\.md$/, '.html')}#${anchorOf(heading)}`;
}
