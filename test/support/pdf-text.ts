/** Text of a PDF as its readers find it: through the character maps of the embedded fonts. */
import { extractText, getDocumentProxy } from 'unpdf';

/** Text of each page, without white space: a line break in the PDF is no difference. */
export async function textOfPages(pdf: Uint8Array): Promise<string[]> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const { text } = await extractText(document, { mergePages: false });
  return text.map(withoutSpace);
}

export function withoutSpace(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
